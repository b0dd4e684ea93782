"""How many receipts arrive on which day and in which way. Adds up to exactly what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from ims_config.demo.working_days import is_working_day, working_day_from
from ims_kernel.money import split_pence

Arrivals = dict[str, list[int]]

_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5
_RUN_DAYS = (1, 15)
# Most people pay Council Tax from April to January, so February and March are thin.
_THIN_MONTHS = (2, 3)
_MONTH_END, _MONTH_START = 27, 3


def arrivals(
    shares: Mapping[str, int], days: Sequence[date], *, receipts: int, rng: Random
) -> Arrivals:
    """Purpose of method of payment -> receipts on each of the days, in the order of the days."""
    purposes = list(shares)
    totals = split_pence(receipts, list(shares.values()))
    return {
        purpose: split_pence(total, [_weight(purpose, on) * rng.randint(80, 120) for on in days])
        for purpose, total in zip(purposes, totals, strict=True)
    }


def _weight(purpose: str, on: date) -> int:
    if purpose == "card":
        return 10 if on.weekday() < _SATURDAY else 5
    if purpose == "direct_debit":
        return _direct_debit_weight(on)
    if not is_working_day(on):
        return 0
    if purpose == "collected":
        return 5 if on.weekday() == _MONDAY else 2
    if purpose == "bank":
        busy = 2 if on.day > _MONTH_END or on.day <= _MONTH_START else 1
        return busy * (14 if on.weekday() in (_MONDAY, _FRIDAY) else 10)
    return 14 if on.weekday() == _MONDAY else 10


def _direct_debit_weight(on: date) -> int:
    """Runs are on the 1st and the 15th, or the next working day."""
    for back in range(6):
        due = on - timedelta(days=back)
        if due.day in _RUN_DAYS and working_day_from(due) == on:
            return 5 if on.month in _THIN_MONTHS else 10
    return 0
