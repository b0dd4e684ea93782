"""The rejected lines of an import as a CSV file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, cast

from ims_kernel.money import plain_pounds
from ims_kernel.spreadsheets import safe_cell

if TYPE_CHECKING:
    from ims.imports.models import ImportRow

HEADER = ("Line", "Amount", "Reason", "Text")
_IN_MEMORY = 1_000_000


def write_rejected(rows: Iterable[ImportRow]) -> BinaryIO:
    """Write the lines and return the file, at its beginning. The caller closes it.

    A finished file and not a stream of rows: a response is sent after the request has left the
    council, and by then there is no council to read from. A large one goes to disk.
    """
    spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller's
    text = io.TextIOWrapper(cast("BinaryIO", spooled), encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for row in rows:
        amount = "" if row.amount_pence is None else plain_pounds(row.amount_pence)
        writer.writerow((row.line_number, amount, safe_cell(row.reason), safe_cell(row.text)))
    text.flush()
    text.detach()
    spooled.seek(0)
    return cast("BinaryIO", spooled)
