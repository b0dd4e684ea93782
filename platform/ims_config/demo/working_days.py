"""Working days in England: when counters are open and Direct Debits are taken.

Bank holidays by the rules of the Banking and Financial Dealings Act 1971 and the yearly
proclamations that move a holiday on a weekend to the next weekday.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

_MONDAY, _SATURDAY = 0, 5
_DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Western Easter, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 8)."""
    century, rest = divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - shift + 15) % 30
    weekday = (32 + 2 * leap_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in a year."""
    easter = easter_sunday(year)
    found = {easter - 2 * _DAY, easter + _DAY}
    found |= {_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        moved = day
        while moved.weekday() >= _SATURDAY or moved in found:
            moved += _DAY
        found.add(moved)
    return frozenset(found)


def _monday(on: date) -> date:
    """The first Monday on or after a date."""
    return on + (_MONDAY - on.weekday()) % 7 * _DAY


def is_working_day(on: date) -> bool:
    """Whether banks and counters are open."""
    return on.weekday() < _SATURDAY and on not in bank_holidays(on.year)


def working_day_from(on: date) -> date:
    """The date itself, or the next working day."""
    while not is_working_day(on):
        on += _DAY
    return on


def working_day_after(on: date, days: int) -> date:
    """The working day that many working days later."""
    for _ in range(days):
        on = working_day_from(on + _DAY)
    return on


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY
