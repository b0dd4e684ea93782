"""Transactions as a CSV file that a spreadsheet opens as it is and never runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ims.backoffice.downloads import csv_parts
from ims.backoffice.transactions.showing import KINDS
from ims.reports.transactions import FoundLine
from ims_kernel.money import plain_pounds
from ims_kernel.references import encode
from ims_kernel.spreadsheets import safe_cell
from ims_kernel.web.dates import format_instant

HEADER = (
    "Receipt number", "Line", "Kind", "Received", "Effective", "Posted", "Fund code", "Fund",
    "Account", "Method code", "Method", "Amount", "VAT code", "VAT rate %", "VAT in amount",
    "Payer", "Reference", "Narrative",
)  # fmt: skip


def written(lines: Iterable[FoundLine]) -> Iterator[bytes]:
    """The file in parts. Dates are day first."""
    return csv_parts(HEADER, map(_cells, lines))


def _cells(found: FoundLine) -> tuple[str | int, ...]:
    line = found.line
    return (
        encode(line.entry_id),
        line.position,
        KINDS[line.entry.kind],
        f"{line.received_on:%d/%m/%Y}",
        f"{line.effective_on:%d/%m/%Y}",
        format_instant(line.posted_at),
        safe_cell(line.fund.code),
        safe_cell(line.fund.name),
        safe_cell(line.account_reference),
        safe_cell(line.method.code),
        safe_cell(line.method.name),
        plain_pounds(line.amount_pence),
        safe_cell(line.vat_code.code),
        # Hundredths of a percent, written the way pence are written as pounds.
        plain_pounds(line.vat_basis_points),
        plain_pounds(line.vat_pence),
        safe_cell(found.payer),
        safe_cell(found.reference),
        safe_cell(found.narrative),
    )
