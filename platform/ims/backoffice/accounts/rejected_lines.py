"""The lines of an account file that cannot be used, as a CSV file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, cast

from ims_kernel.spreadsheets import safe_cell

if TYPE_CHECKING:
    from ims.accounts.models import AccountLoadRow

HEADER = ("Line", "Column", "Reason", "Text")
_IN_MEMORY = 1_000_000


def write_rejected(rows: Iterable[AccountLoadRow]) -> BinaryIO:
    """Write the lines and return the file, at its beginning. The caller closes it.

    A finished file and not a stream of rows: a response is sent after the request has left the
    council, and by then there is no council to read from. A large one goes to disk.
    """
    spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller's
    text = io.TextIOWrapper(cast("BinaryIO", spooled), encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow((row.line_number, row.field, safe_cell(row.problem), safe_cell(row.raw)))
    text.flush()
    text.detach()
    spooled.seek(0)
    return cast("BinaryIO", spooled)
