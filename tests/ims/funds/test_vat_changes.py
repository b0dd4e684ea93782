"""Which days a change of rates is about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims.funds.vat_changes import Changed, changed_days

OLD, NEW, LATER = date(2010, 1, 1), date(2011, 1, 4), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({}, {OLD: 1750}, []),
        ({OLD: 1750}, {OLD: 1750}, []),
        ({OLD: 1750}, {OLD: 1750, LATER: 2000}, [Changed(LATER, None, 1750, 2000)]),
        ({OLD: 1750}, {OLD: 2000}, [Changed(OLD, None, 1750, 2000)]),
        ({OLD: 1750, NEW: 2000}, {NEW: 2000}, [Changed(OLD, NEW, 1750, None)]),
        ({OLD: 1750, NEW: 2000}, {OLD: 1750}, [Changed(NEW, None, 2000, 1750)]),
        ({NEW: 2000}, {OLD: 1750, NEW: 2000}, []),
        ({NEW: 2000}, {OLD: 2000}, []),
        ({OLD: 1750}, {OLD: 1750, NEW: 1750}, []),
    ],
)
def test_the_days_whose_rate_would_be_another(
    before: dict[date, int], after: dict[date, int], changed: list[Changed]
) -> None:
    assert list(changed_days(before, after)) == changed


FIRST = date(2026, 1, 1)
days = st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))
tables = st.dictionaries(days, st.sampled_from([0, 500, 2000]), max_size=4)


def on(rates: dict[date, int], day: date) -> int | None:
    """The rate of a day, walked from the first day on."""
    found = None
    for each in (FIRST + timedelta(days=n) for n in range((day - FIRST).days + 1)):
        found = rates.get(each, found)
    return found


@given(tables, tables)
def test_day_by_day_it_is_what_walking_the_tables_says(
    before: dict[date, int], after: dict[date, int]
) -> None:
    changes = list(changed_days(before, after))
    for day in (FIRST + timedelta(days=n) for n in range(15)):
        holds = [
            (each.before, each.after)
            for each in changes
            if each.first_on <= day and (each.until_on is None or day < each.until_on)
        ]
        was, becomes = on(before, day), on(after, day)
        differs = was is not None and was != becomes
        assert holds == ([(was, becomes)] if differs else [])
