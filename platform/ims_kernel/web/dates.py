"""Dates as people in the United Kingdom write and read them. No Django."""

from __future__ import annotations

import re
from datetime import date, datetime

from ims_kernel.clock import LONDON
from ims_kernel.errors import ImsError

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTHS, start=1)
    for name in (month.lower(), month[:3].lower())
} | {"sept": 9}
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})", re.ASCII)
_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s/.\-]*([A-Za-z]{3,9})[\s/.,\-]*(\d{4}|\d{2})", re.ASCII
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class DateUnreadable(ImsError):
    """The text is not a date."""

    code = "web.date_unreadable"


def parse_date(text: str) -> date:
    """The date in `3/11/2026`, `3 Nov 2026`, `3rd November 26`, `03-11-2026` or `2026-11-03`.

    Day first, always. A year of two digits is 2000 to 2099. Raises DateUnreadable.
    """
    parts = _parts(text.strip())
    try:
        if parts is not None:
            return date(*parts)
    except ValueError:
        pass
    raise DateUnreadable(
        f"“{text[:30]}” is not a date. Write day, month and year, like 3/11/2026.", text=text[:30]
    )


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether or not there is such a day."""
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.fullmatch(text):
        return _year(match[3]), int(match[2]), int(match[1])
    if match := _WORDS.fullmatch(text):
        return _year(match[3]), _MONTH_NUMBERS.get(match[2].lower(), 0), int(match[1])
    return None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == len("26") else 0)


def format_date(value: date) -> str:
    """A date for people: `24 November 2026`. An instant is shown as its date in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def format_short_date(value: date) -> str:
    """A date for a dense table: `24 Nov 2026`."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def format_instant(value: datetime) -> str:
    """An instant for people, in London: `24 November 2026 at 3:05pm`."""
    local = value.astimezone(LONDON)
    half, hour = divmod(local.hour, 12)
    return f"{format_date(local)} at {hour or 12}:{local.minute:02d}{('am', 'pm')[half]}"
