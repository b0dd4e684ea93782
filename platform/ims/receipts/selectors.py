"""Questions about receipts."""

from __future__ import annotations

from django.db.models import QuerySet

from ims.receipts.models import Receipt


def receipts() -> QuerySet[Receipt]:
    """Every receipt, for reports to narrow and join."""
    return Receipt.objects.all()


def find_receipt(entry_id: int) -> Receipt | None:
    """The payer's side of an entry, or None when the entry is not a receipt."""
    return Receipt.objects.filter(pk=entry_id).first()


def entries_of_rows(import_id: int, row_numbers: list[int]) -> dict[int, int]:
    """Row number -> entry id, for the rows of an import that were taken. One query."""
    found = Receipt.objects.filter(import_file_id=import_id, line_number__in=row_numbers)
    pairs = found.values_list("line_number", "entry_id")
    return {number: entry_id for number, entry_id in pairs if number is not None}


def receipts_by_entry(entry_ids: list[int]) -> dict[int, Receipt]:
    """The receipts of these entries, by entry."""
    return Receipt.objects.in_bulk(entry_ids)
