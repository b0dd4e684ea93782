"""What waits for somebody: files to post, suspense to explain, lines to send to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, Sum

from ims.exports.selectors import waiting
from ims.imports import selectors as imports
from ims.imports import states
from ims.suspense import selectors as suspense
from ims.suspense.selectors import AgeBand


@dataclass(frozen=True, slots=True)
class Files:
    """Files by what they wait for. `ready_pence` is what the ready ones hold."""

    ready_count: int
    ready_rows: int
    ready_pence: int
    being_read_count: int
    being_posted_count: int


@dataclass(frozen=True, slots=True)
class Suspense:
    """Open items, what is left on them in pence, and the day the oldest was received."""

    bands: Sequence[AgeBand]
    count: int
    remaining_pence: int
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class Unsent:
    """Ledger lines that no file holds, and what they add up to in pence."""

    line_count: int
    net_pence: int


def files_waiting() -> Files:
    """Files that are not finished. One query."""
    ready = Q(state=states.READY)
    found = imports.imports().aggregate(
        ready=Count("id", filter=ready),
        rows=Sum("row_count", filter=ready),
        pence=Sum("total_pence", filter=ready),
        read=Count("id", filter=Q(state=states.RECEIVED)),
        posted=Count("id", filter=Q(state=states.POSTING)),
    )
    return Files(
        found["ready"], found["rows"] or 0, found["pence"] or 0, found["read"], found["posted"]
    )


def suspense_open(today: date) -> Suspense:
    """Open suspense by age. Two queries."""
    bands = suspense.by_age(today)
    oldest = suspense.open_items().order_by().aggregate(on=Min("opened_on"))["on"]
    return Suspense(
        bands=bands,
        count=sum(band.count for band in bands),
        remaining_pence=sum(band.remaining_pence for band in bands),
        oldest_on=oldest,
    )


def lines_unsent() -> Unsent:
    """What the next ledger file would hold. Two queries."""
    found = waiting()
    return Unsent(found.line_count, found.net_pence)
