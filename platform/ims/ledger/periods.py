"""Accounting periods: months of a financial year that starts on 1 April."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from django.db import transaction

from ims.ledger.errors import PeriodClosed
from ims.ledger.models import Period
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor

_APRIL = 4


def financial_month(on: date) -> tuple[int, int]:
    """(year the financial year starts in, month 1 for April to 12 for March)."""
    year = on.year if on.month >= _APRIL else on.year - 1
    return year, (on.month - _APRIL) % 12 + 1


def ensure_periods(first: date, last: date) -> None:
    """Open every missing period from one date to another. Idempotent, also under races."""
    missing, on = [], first.replace(day=1)
    while on <= last:
        year, month = financial_month(on)
        end = on.replace(day=monthrange(on.year, on.month)[1])
        missing.append(Period(year=year, month=month, starts_on=on, ends_on=end))
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    Period.objects.bulk_create(missing, ignore_conflicts=True)


class PeriodFinder:
    """Which period a date posts to: its own, or the first open one after it when that is closed.

    Made for one piece of work, never kept. The database checks again at posting.
    """

    def __init__(self) -> None:
        self._open = list(Period.objects.filter(closed_at__isnull=True).order_by("starts_on"))
        self._found: dict[date, int] = {}

    def period_id(self, on: date) -> int:
        """The period's id. Raises PeriodClosed when none is open on or after the date."""
        found = self._found.get(on)
        if found is None:
            found = self._found[on] = self._look_up(on)
        return found

    def _look_up(self, on: date) -> int:
        for period in self._open:
            if period.ends_on >= on:
                return int(period.pk)
        raise PeriodClosed(
            f"No accounting period is open for {on:%-d %B %Y} or later. Open one, then try again.",
            on=on.isoformat(),
        )


def close_period(*, year: int, month: int, actor: Actor, at: datetime) -> Period:
    """Close a period: it takes nothing more. Raises PeriodClosed when it is closed already."""
    actor.require("ledger.close_period")
    with transaction.atomic():
        period = Period.objects.select_for_update().get(year=year, month=month)
        if period.closed_at is not None:
            raise PeriodClosed(f"Period {period} was closed on {period.closed_at:%-d %B %Y}.")
        period.closed_at = at
        period.save(update_fields=["closed_at"])
        record(actor, "ledger.close_period", Subject("period", str(period)), at=at)
    return period
