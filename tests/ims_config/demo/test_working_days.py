"""Working days, against the published lists of bank holidays."""

from __future__ import annotations

from datetime import date

import pytest

from ims_config.demo.working_days import (
    bank_holidays,
    days_between,
    easter_sunday,
    is_working_day,
    working_day_after,
    working_day_from,
)


@pytest.mark.parametrize(
    "sunday",
    [date(2000, 4, 23), date(2008, 3, 23), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter(sunday: date) -> None:
    assert easter_sunday(sunday.year) == sunday


def test_bank_holidays_of_2026_as_published() -> None:
    assert sorted(bank_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
    ]


def test_christmas_on_a_weekend_moves_both_days() -> None:
    assert {date(2021, 12, 27), date(2021, 12, 28)} <= bank_holidays(2021)
    assert not {date(2021, 12, 25), date(2021, 12, 26)} & bank_holidays(2021)


def test_the_next_working_day() -> None:
    good_friday = date(2026, 4, 3)
    assert not is_working_day(good_friday)
    assert working_day_from(good_friday) == date(2026, 4, 7)
    assert working_day_from(date(2026, 4, 7)) == date(2026, 4, 7)
    assert working_day_after(date(2026, 4, 2), 2) == date(2026, 4, 8)


def test_days_between_has_both_ends() -> None:
    found = list(days_between(date(2028, 2, 28), date(2028, 3, 1)))
    assert found == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
