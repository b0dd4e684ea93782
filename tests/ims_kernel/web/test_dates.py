from datetime import UTC, date, datetime

import pytest

from ims_kernel.web.dates import (
    DateUnreadable,
    format_date,
    format_instant,
    format_short_date,
    parse_date,
)


@pytest.mark.parametrize(
    "text",
    [
        "3/11/2026",
        "03/11/26",
        "3-11-2026",
        "3.11.2026",
        "3 11 2026",
        " 3 Nov 2026 ",
        "3rd november 2026",
        "3NOV2026",
        "3-Nov-26",
        "2026-11-03",
    ],
)
def test_a_date_is_read_day_first_however_it_is_written(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 3)


def test_september_has_a_fourth_letter_too() -> None:
    assert parse_date("1 Sept 2026") == date(2026, 9, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "31/2/2026",
        "13/13/2026",
        "3/11",
        "3/11/026",
        "3 Nove 2026",
        "٣/11/2026",
        "0/1/2026",
        "9" * 60,
    ],
)
def test_what_is_not_a_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DateUnreadable, match="like 3/11/2026"):
        parse_date(text)


def test_dates_are_written_in_words() -> None:
    assert format_date(date(2026, 11, 24)) == "24 November 2026"
    assert format_short_date(date(2026, 9, 1)) == "1 Sep 2026"


def test_an_instant_is_told_in_london() -> None:
    assert format_instant(datetime(2026, 11, 24, 15, 5, tzinfo=UTC)) == (
        "24 November 2026 at 3:05pm"
    )
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert format_instant(summer) == "1 July 2026 at 12:30am"
    assert format_date(summer) == "1 July 2026"
    assert format_short_date(summer) == "1 Jul 2026"
