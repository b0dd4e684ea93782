"""Questions about the ledger."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

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


def find_block(entry_id: int) -> SealedBlock | None:
    """The sealed block that holds an entry, without its digests, or None when none does yet."""
    return chain.block_of(CHAIN, entry_id)


def has_unsealed() -> bool:
    """Whether entries were posted since the last block was sealed."""
    return chain.has_unsealed(CHAIN)
