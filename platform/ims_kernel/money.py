"""Money in whole pence, and splitting it with no lost penny."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ims_kernel.errors import ImsError

# bigint holds far more; a line above ten billion pounds is a mistake in a file, not income.
MAX_PENCE = 1_000_000_000_000
_LONGEST = 13

# Decimal() accepts 'NaN', '1e5', '1_000' and full-width digits, so the text is checked first.
_POUNDS = re.compile(r"([+-]?)£?(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


class AmountUnreadable(ImsError):
    """The text is not an amount in pounds and pence."""

    code = "money.amount_unreadable"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in whole pence. Negative is money out."""

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"Money holds whole pence as int, not {type(self.pence).__name__}.")

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence)

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence)

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __str__(self) -> str:
        return format_pounds(self.pence)


def format_pounds(pence: int) -> str:
    """Pounds for people: `£1,234.50`, with a minus sign in front when negative."""
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02d}"


def plain_pounds(pence: int) -> str:
    """Pounds for files: `1234.50`, no sign for the currency and no thousands separator."""
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}{pounds}.{rest:02d}"


def parse_pounds(text: str) -> int:
    """Whole pence from text such as `12`, `-12.5`, `£1,234.50`.

    Raises AmountUnreadable for anything else: more than two decimals, `NaN`, `1e5`, misplaced
    commas, digits that are not 0 to 9, or an amount of ten billion pounds and more.
    """
    match = _POUNDS.fullmatch(text.strip())
    if match is None:
        raise AmountUnreadable(
            f"“{text[:40]}” is not an amount. Write pounds and pence, like 1234.50.", text=text[:40]
        )
    sign, pounds, decimals = match.groups()
    pence = int(pounds.replace(",", "")) * 100 + int((decimals or "0").ljust(2, "0"))
    if pence >= MAX_PENCE:
        raise AmountUnreadable(
            f"“{text[:40]}” is too large. An amount must be under £10,000,000,000.", text=text[:40]
        )
    return -pence if sign == "-" else pence


def pence_from_decimal(value: Decimal) -> int:
    """Whole pence from a Decimal of pounds. Raises AmountUnreadable when it has part pennies."""
    # An exponent such as 1E+999999 would be written out in full.
    if not value.is_finite() or value.adjusted() > _LONGEST:
        raise AmountUnreadable(f"{value} is not an amount.", text=str(value)[:40])
    whole, _, decimals = format(value, "f").partition(".")
    return parse_pounds(f"{whole}.{decimals.rstrip('0').ljust(2, '0')}")


def split_pence(total: int, weights: Sequence[int]) -> list[int]:
    """Shares of `total` pence by whole-number weights, adding up to exactly `total`.

    Each share is rounded towards zero and the pennies left over go one each to the shares that
    lost most, earliest first. Raises ValueError when no weight is above zero.
    """
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("Weights must not be negative and must add up to more than zero.")
    sign = -1 if total < 0 else 1
    size = abs(total)
    shares = [size * weight // whole for weight in weights]
    lost = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in lost[: size - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]
