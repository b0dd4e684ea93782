"""What the cells of an account file say: references, names, postcodes, amounts and days."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b

from ims_kernel.money import AmountUnreadable, parse_pounds

# A spreadsheet runs a cell that begins with one of these (OWASP, "CSV Injection"). The wide forms
# are there because some spreadsheets fold them.
STARTS_FORMULA = frozenset("=+-@＝＋－＠")  # noqa: RUF001 - the wide forms are the point
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9 ][0-9 ,.]*", re.ASCII)
_NO_FORMULA = frozenset({"-", "--", "---"})

# The form of a UK postcode without its space (Royal Mail: outward code, then digit, two letters).
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ACCENTS = str.maketrans("ÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜÝŴŶÑÇ", "AAAAAAEEEEIIIIOOOOOUUUUYWYNC")
YES = frozenset({"Y", "YES", "TRUE", "1"})
NO = frozenset({"", "N", "NO", "FALSE", "0"})
NAME_KEY = 60


class CellRefused(ValueError):
    """A cell cannot be used; the text says why, as the end of a sentence about its column."""


def canonical_reference(text: str) -> str:
    """A reference as it is kept and looked for: without spaces, in capitals."""
    return "".join(text.split()).upper()


def name_key(surname: str) -> str:
    """What a surname is looked for by: capitals and digits only, so O'Brien is also OBRIEN."""
    plain = surname.upper()
    if not (plain.isascii() and plain.isalpha()):
        plain = "".join(char for char in plain.translate(_ACCENTS) if char.isalnum())
    return plain[:NAME_KEY]


def tidy_postcode(text: str) -> str:
    """`sw1a1aa` as `SW1A 1AA`; anything else in capitals with single spaces."""
    words = text.upper().split()
    found = _POSTCODE.fullmatch("".join(words))
    return f"{found[1]} {found[2]}" if found else " ".join(words)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the cell. A plain number with a sign is none."""
    return (
        text[:1] in STARTS_FORMULA
        and text not in _NO_FORMULA
        and _PLAIN_NUMBER.fullmatch(text) is None
    )


def read_pence(text: str) -> int:
    """Whole pence from pounds such as `1234.50`, `-12.5`, `£1,234.50`. Raises CellRefused."""
    pounds, dot, pence = text.partition(".")
    # Nearly every cell is like 1234.50; the general way costs four times as much.
    if dot and len(pence) == 2 and text.isascii() and len(pounds) < 10:  # noqa: PLR2004 - pence
        digits = pounds[1:] if pounds[:1] == "-" else pounds
        if digits.isdigit() and pence.isdigit():
            return int(pounds + pence)
    try:
        return parse_pounds(text)
    except AmountUnreadable as error:
        raise CellRefused(error.message) from None


def read_day(text: str) -> tuple[date, str]:
    """(day, its spelling) of `2026-11-03` or `3/11/2026`. Raises CellRefused."""
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text), "YYYY-MM-DD"
        found = _DAY_FIRST.fullmatch(text)
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])), "DD/MM/YYYY"
    except ValueError:
        pass
    raise CellRefused(f"“{text[:20]}” is not a date. Write it like 2026-11-03 or 03/11/2026.")


def digest_of(texts: list[str], values: tuple[object, ...]) -> str:
    """32 hex digits that differ when any kept value of an account differs."""
    fact = "\x1f".join(texts) + "\x1e" + "\x1f".join([str(value) for value in values])
    return blake2b(fact.encode(), digest_size=16).hexdigest()
