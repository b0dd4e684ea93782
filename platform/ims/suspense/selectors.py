"""Questions about suspense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum

from ims.suspense.errors import SuspenseItemNotFound
from ims.suspense.models import Allocation, SuspenseItem

if TYPE_CHECKING:
    from ims.funds.models import Fund


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Open suspense of one age: how many items and how many pence remain."""

    label: str
    count: int
    remaining_pence: int


# Upper bounds in days; the last band has none.
_BANDS = (
    ("Today and yesterday", 1),
    ("2 to 7 days", 7),
    ("8 to 30 days", 30),
    ("31 to 90 days", 90),
)
AGE_LABELS = (*(label for label, _ in _BANDS), "Over 90 days")


def items() -> QuerySet[SuspenseItem]:
    """Every item, for reports to narrow and join."""
    return SuspenseItem.objects.all()


def open_items() -> QuerySet[SuspenseItem]:
    """Items with something left, oldest first."""
    return SuspenseItem.objects.exclude(remaining_pence=0).order_by("opened_on", "id")


def count_open_in(fund: Fund) -> int:
    """How many items wait in the fund: all there are in the suspense fund, none in another."""
    return open_items().count() if fund.purpose == "suspense" else 0


def in_age_band(found: QuerySet[SuspenseItem], band: int, today: date) -> QuerySet[SuspenseItem]:
    """The items of one age: `band` is a place in AGE_LABELS."""
    if band > 0:
        found = found.filter(opened_on__lt=today - timedelta(days=_BANDS[band - 1][1]))
    if band < len(_BANDS):
        found = found.filter(opened_on__gte=today - timedelta(days=_BANDS[band][1]))
    return found


def get_item(item_id: int) -> SuspenseItem:
    """The item. Raises SuspenseItemNotFound."""
    item = SuspenseItem.objects.filter(pk=item_id).first()
    if item is None:
        raise SuspenseItemNotFound("There is no such suspense item.", item=item_id)
    return item


def find_by_entry(entry_id: int) -> SuspenseItem | None:
    """The item opened for a receipt, or None."""
    return SuspenseItem.objects.filter(entry_id=entry_id).first()


def list_allocations(item_id: int) -> list[Allocation]:
    """What was moved out of an item, oldest first."""
    return list(Allocation.objects.filter(item_id=item_id).order_by("id"))


def by_age(today: date) -> list[AgeBand]:
    """Open suspense by age, in one query."""
    rows = (
        open_items()
        .order_by()
        .values_list("opened_on")
        .annotate(number=Count("id"), left=Sum("remaining_pence"))
    )
    counts, left_pence = [0] * (len(_BANDS) + 1), [0] * (len(_BANDS) + 1)
    for opened_on, number, left in rows:
        age = today - opened_on
        place = next(
            (i for i, (_, days) in enumerate(_BANDS) if age <= timedelta(days=days)), len(_BANDS)
        )
        counts[place] += number
        left_pence[place] += left
    return [AgeBand(*band) for band in zip(AGE_LABELS, counts, left_pence, strict=True)]
