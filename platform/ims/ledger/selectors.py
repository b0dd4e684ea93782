"""Questions about the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Model, QuerySet

from ims.ledger.errors import EntryNotFound
from ims.ledger.models import Entry, Line
from ims.ledger.sealing import CHAIN
from ims_kernel.sealing import chain
from ims_kernel.sealing.blocks import SealedBlock


def lines() -> QuerySet[Line]:
    """Every line, for reports to narrow and join."""
    return Line.objects.all()


def get_entry(entry_id: int) -> Entry:
    """The entry with its lines. Raises EntryNotFound."""
    entry = Entry.objects.filter(pk=entry_id).prefetch_related("lines").first()
    if entry is None:
        raise EntryNotFound("There is no transaction with this number.", entry=entry_id)
    return entry


def entries_by_id(entry_ids: list[int]) -> dict[int, Entry]:
    """These entries with their lines, by id."""
    return Entry.objects.prefetch_related("lines").in_bulk(entry_ids)


def count_lines(first_on: date, last_on: date) -> int:
    """How many lines were posted with a received date from one day to another."""
    return Line.objects.filter(received_on__gte=first_on, received_on__lte=last_on).count()


# Nothing needs the exact number, and counting ten million lines for a page would.
_COUNTED = 10_000
SOME_LINES = f"ledger lines (no more than {_COUNTED:,} are counted)"


def line_counter(column: str) -> Callable[[Model], int]:
    """A function that counts the lines of a fund, method or VAT code, up to 10,000."""
    return lambda instance: Line.objects.filter(**{column: instance})[:_COUNTED].count()


def has_lines_at(vat_code_id: int, first_on: date, until_on: date | None) -> bool:
    """Whether lines of a VAT code count from one day until before another, or for good."""
    found = Line.objects.filter(vat_code_id=vat_code_id, effective_on__gte=first_on)
    return (found.filter(effective_on__lt=until_on) if until_on else found).exists()


def find_block(entry_id: int) -> SealedBlock | None:
    """The sealed block that holds an entry, without its digests, or None when none does yet."""
    return chain.block_of(CHAIN, entry_id)


def has_unsealed() -> bool:
    """Whether entries were posted since the last block was sealed."""
    return chain.has_unsealed(CHAIN)
