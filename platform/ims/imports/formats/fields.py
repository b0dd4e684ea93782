"""Cells of bank files as dates, pence and clean text, strictly."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from ims.imports.formats.base import RejectedRow
from ims_kernel.errors import ImsError
from ims_kernel.money import parse_pounds

PAYER, REFERENCE, NARRATIVE, BANK_REFERENCE, BANK_CODE, ACCOUNT, TEXT = (
    140,
    140,
    500,
    64,
    16,
    34,
    1000,
)

_FORMATTING = ("Cc", "Cf", "Cs")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{4})", re.ASCII)
# xs:date and xs:dateTime, of which only the day matters.
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d|T\d\d:\d\d.*)?", re.ASCII)
# Spelt out: calendar.month_abbr would follow the locale of the machine.
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
# Digits without the point: 0.00 has three, £9,999,999,999.99 has twelve.
_SHORTEST, _LONGEST = 3, 12
# A year outside these is a slip of the keyboard or a damaged file.
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


NIL = "The amount is nil, so there is nothing to post."


class _Clean(dict[int, str]):
    """What each character becomes, worked out the first time it is met."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        if character.isspace():
            clean = " "
        else:
            clean = "" if unicodedata.category(character) in _FORMATTING else character
        self[code_point] = clean
        return clean


_CLEAN = _Clean()


class RowUnreadable(ImsError):
    """One line cannot be used; the message is the reason shown beside it."""

    code = "imports.row_unreadable"


def tidy(text: str, limit: int) -> str:
    """Text without control or formatting characters, single-spaced, at most `limit` characters."""
    if not text.isprintable():
        text = text.translate(_CLEAN)
    if "  " in text:
        text = " ".join(text.split())
    return text.strip()[:limit].rstrip() if len(text) > limit else text.strip()


def read_pence(text: str) -> int:
    """Signed pence. Raises AmountUnreadable. The common shape, 123.45, skips the full check."""
    if text[-3:-2] == ".":
        digits = text.replace(".", "", 1)
        if digits.isdigit() and digits.isascii() and _SHORTEST <= len(digits) <= _LONGEST:
            return int(digits)
    return parse_pounds(tidy(text, TEXT).lstrip("'"))


def read_day(text: str) -> date:
    """A date written 09/02/2026 or 09 Feb 2026. Raises RowUnreadable."""
    text = tidy(text, TEXT).lstrip("'")
    match = _DAY_MONTH_YEAR.fullmatch(text)
    if match:
        day, month, year = map(int, match.groups())
        return _day(text, year, month, day, like="09/02/2026")
    match = _DAY_NAME_YEAR.fullmatch(text)
    month = _MONTHS.get(match[2].lower(), 0) if match else 0
    if match is None or not month:
        raise _no_date(text, like="09/02/2026")
    return _day(text, int(match[3]), month, int(match[1]), like="09/02/2026")


def read_iso_day(text: str) -> date:
    """A date written 2026-02-09, with or without a time after it. Raises RowUnreadable."""
    text = tidy(text, TEXT)
    match = _ISO.fullmatch(text)
    if match is None:
        raise _no_date(text, like="2026-02-09")
    year, month, day = map(int, match.groups())
    return _day(text, year, month, day, like="2026-02-09")


def _day(text: str, year: int, month: int, day: int, *, like: str) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RowUnreadable(
            f"“{text[:40]}” has a year outside {_FIRST_YEAR} to {_LAST_YEAR}. Correct the date."
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_date(text, like=like) from None


def _no_date(text: str, *, like: str) -> RowUnreadable:
    if not text:
        return RowUnreadable("There is no date. Add the date the bank booked this line.")
    order = "year-month-day" if like.startswith("2") else "day/month/year"
    return RowUnreadable(f"“{text[:40]}” is not a date. Dates are {order}, like {like}.")


def rejected(
    line_number: int, text: str, reason: str, *, amount_pence: int | None = None
) -> RejectedRow:
    """A RejectedRow whose text and reason are safe to store and show."""
    return RejectedRow(line_number, tidy(text, TEXT), tidy(reason, 500), amount_pence)
