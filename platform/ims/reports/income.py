"""What came in, by day, fund and method: one query over the last thirty days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from ims.funds.selectors import list_funds, list_methods
from ims.ledger import selectors as ledger

LONGEST_DAYS = 30
WINDOWS = (1, 7, LONGEST_DAYS)
JOURNAL = "journal"


class DayIncome(NamedTuple):
    """Money in on one day, in pence. `payments` counts lines that brought or took money."""

    day: date
    pence: int
    payments: int


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """Money in for one fund or method: pence today, in 7 days and in 30 days, today included."""

    code: str
    name: str
    today_pence: int
    week_pence: int
    month_pence: int


@dataclass(frozen=True, slots=True)
class Income:
    """The last thirty days up to and including `today`, most money first.

    Funds count money moved out of suspense where it belongs now, under the day it was received.
    Methods leave journals out: they move money that is already here, and add up to nothing.
    """

    today: date
    total: IncomeRow
    payments: tuple[int, int, int]  # today, 7 days, 30 days
    by_fund: list[IncomeRow]
    by_method: list[IncomeRow]
    by_day: list[DayIncome]  # oldest first, every day of the thirty


class _Group(NamedTuple):
    day: date
    fund_id: int
    method_id: int
    pence: int
    payments: int


def income(today: date, *, within_funds: frozenset[int] | None = None) -> Income:
    """Income of the thirty days that end today. Three queries, however many payments there are.

    `within_funds` are the ids of the funds the person may see; None is all of them.
    """
    first = today - timedelta(days=LONGEST_DAYS - 1)
    lines = ledger.lines().filter(received_on__gte=first, received_on__lte=today)
    if within_funds is not None:
        lines = lines.filter(fund_id__in=within_funds)
    groups = [
        _Group(*row)
        for row in lines.values_list("received_on", "fund_id", "method_id").annotate(
            pence=Sum("amount_pence"), number=Count("id", filter=~Q(method__purpose=JOURNAL))
        )
    ]
    funds = {fund.pk: (fund.code, fund.name) for fund in list_funds()}
    methods = {m.pk: (m.code, m.name) for m in list_methods() if m.purpose != JOURNAL}
    counted = [sum(g.payments for g in groups if _within(g.day, today, days)) for days in WINDOWS]
    return Income(
        today=today,
        total=_row(("", "All income"), groups, today),
        payments=(counted[0], counted[1], counted[2]),
        by_fund=_rows(groups, funds, lambda group: group.fund_id, today),
        by_method=_rows(groups, methods, lambda group: group.method_id, today),
        by_day=_days(groups, first),
    )


def _rows(
    groups: Iterable[_Group],
    names: Mapping[int, tuple[str, str]],
    key: Callable[[_Group], int],
    today: date,
) -> list[IncomeRow]:
    by_key: dict[int, list[_Group]] = {}
    for group in groups:
        by_key.setdefault(key(group), []).append(group)
    rows = [_row(names[k], found, today) for k, found in by_key.items() if k in names]
    return sorted(rows, key=lambda row: (-row.month_pence, row.code))


def _row(named: tuple[str, str], groups: Iterable[_Group], today: date) -> IncomeRow:
    sums = dict.fromkeys(WINDOWS, 0)
    for group in groups:
        for days in WINDOWS:
            if _within(group.day, today, days):
                sums[days] += group.pence
    return IncomeRow(*named, *sums.values())


def _within(day: date, today: date, days: int) -> bool:
    return day > today - timedelta(days=days)


def _days(groups: Iterable[_Group], first: date) -> list[DayIncome]:
    sums = {first + timedelta(days=n): [0, 0] for n in range(LONGEST_DAYS)}
    for group in groups:
        sums[group.day][0] += group.pence
        sums[group.day][1] += group.payments
    return [DayIncome(day, pence, payments) for day, (pence, payments) in sums.items()]
