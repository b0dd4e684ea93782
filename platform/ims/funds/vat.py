"""VAT inside a gross amount, and which rate holds on a day.

Every amount is VAT-inclusive. The VAT of a gross amount at rate r is gross x r / (1 + r), rounded
to a whole penny line by line, in whole numbers throughout. Half-up is HMRC's usual practice and
the default; half-even is what LocalGov IMS did, for councils that must match it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ims.funds.errors import NoVatRate

# 20 % is 2000: rates are kept in hundredths of a percent.
_WHOLE = 10_000


class Rounding(StrEnum):
    """What happens to half a penny of VAT."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def vat_in_gross(gross_pence: int, basis_points: int, rounding: Rounding) -> int:
    """The VAT in a gross amount, in pence, with the sign of the amount."""
    if basis_points == 0:
        return 0
    size = abs(gross_pence)
    divisor = _WHOLE + basis_points
    whole, rest = divmod(size * basis_points, divisor)
    double = 2 * rest
    half_goes_up = rounding is Rounding.HALF_UP or whole % 2 == 1
    if double > divisor or (double == divisor and half_goes_up):
        whole += 1
    return -whole if gross_pence < 0 else whole


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A rate in basis points from a date on, until the next rate of the same code begins."""

    starts_on: date
    basis_points: int


class VatTable:
    """The rates of every VAT code of a council."""

    def __init__(self, rates: Mapping[str, Sequence[DatedRate]]) -> None:
        self._rates = {
            code: sorted(dated, key=lambda rate: rate.starts_on, reverse=True)
            for code, dated in rates.items()
        }
        self._found: dict[tuple[str, date], int] = {}

    def basis_points(self, code: str, on: date) -> int:
        """The rate of a code on a day. Raises NoVatRate when none had begun by then."""
        key = (code, on)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(code, on)
        return found

    def _look_up(self, code: str, on: date) -> int:
        for rate in self._rates.get(code, ()):
            if rate.starts_on <= on:
                return rate.basis_points
        raise NoVatRate(
            f"VAT code {code} has no rate for {on:%-d %B %Y}. Add a rate that starts on or before "
            "that day.",
            vat_code=code,
        )
