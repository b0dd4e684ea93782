"""VAT inside a gross amount, both ways of rounding, and the rate that holds on a day.

The vectors are those of LocalGov IMS, which rounded half to even.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims.funds.errors import NoVatRate
from ims.funds.vat import DatedRate, Rounding, VatTable, vat_in_gross

UP, EVEN = Rounding.HALF_UP, Rounding.HALF_EVEN
pence = st.integers(min_value=-(10**12), max_value=10**12)
rates = st.integers(min_value=0, max_value=10_000)


@pytest.mark.parametrize(
    ("gross", "basis_points", "half_even", "half_up"),
    [
        (12_000, 2_000, 2_000, 2_000),
        (10_000, 2_000, 1_667, 1_667),
        (9_999, 2_000, 1_666, 1_667),
        (3, 2_000, 0, 1),
        (15, 2_000, 2, 3),
        (5_000, 500, 238, 238),
        (-12_000, 2_000, -2_000, -2_000),
        (-9_999, 2_000, -1_666, -1_667),
        (-3, 2_000, 0, -1),
        (27, 2_000, 4, 5),
        (6_000, 2_000, 1_000, 1_000),
        (0, 2_000, 0, 0),
        (12_345, 0, 0, 0),
    ],
)
def test_the_vectors_of_the_system_before(
    gross: int, basis_points: int, half_even: int, half_up: int
) -> None:
    assert vat_in_gross(gross, basis_points, EVEN) == half_even
    assert vat_in_gross(gross, basis_points, UP) == half_up


@pytest.mark.parametrize(("basis_points", "differing"), [(2_000, 1_667), (500, 0), (1_750, 0)])
def test_how_many_of_the_first_19999_amounts_the_two_ways_differ_on(
    basis_points: int, differing: int
) -> None:
    found = [
        gross
        for gross in range(1, 20_000)
        if vat_in_gross(gross, basis_points, UP) != vat_in_gross(gross, basis_points, EVEN)
    ]
    assert len(found) == differing
    assert found[:3] == ([3, 15, 27] if differing else [])


@given(pence, rates)
def test_both_ways_are_what_decimal_arithmetic_gives(gross: int, basis_points: int) -> None:
    exact = Decimal(gross * basis_points) / Decimal(10_000 + basis_points)
    # 28 digits are far more than a half penny of these amounts needs.
    assert vat_in_gross(gross, basis_points, UP) == exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert vat_in_gross(gross, basis_points, EVEN) == exact.quantize(Decimal(1), ROUND_HALF_EVEN)


@given(pence, rates, st.sampled_from(Rounding))
def test_vat_and_net_add_up_and_have_the_sign_of_the_gross(
    gross: int, basis_points: int, rounding: Rounding
) -> None:
    vat = vat_in_gross(gross, basis_points, rounding)
    assert vat_in_gross(-gross, basis_points, rounding) == -vat
    assert 0 <= abs(vat) <= abs(gross)
    assert vat * gross >= 0
    assert abs(vat * (10_000 + basis_points) - gross * basis_points) * 2 <= 10_000 + basis_points


TABLE = VatTable(
    {
        # Not in order, as a database may give them.
        "S": [
            DatedRate(date(2011, 1, 4), 2_000),
            DatedRate(date(2008, 12, 1), 1_500),
            DatedRate(date(2010, 1, 1), 1_750),
        ]
    }
)


@pytest.mark.parametrize(
    ("on", "basis_points"),
    [
        (date(2008, 12, 1), 1_500),
        (date(2009, 12, 31), 1_500),
        (date(2010, 1, 1), 1_750),
        (date(2011, 1, 3), 1_750),
        (date(2011, 1, 4), 2_000),
        (date(2099, 12, 31), 2_000),
    ],
)
def test_a_rate_holds_from_its_day_until_the_next(on: date, basis_points: int) -> None:
    assert TABLE.basis_points("S", on) == basis_points
    assert TABLE.basis_points("S", on) == basis_points  # remembered


def test_a_day_before_every_rate_is_refused_by_name() -> None:
    with pytest.raises(NoVatRate) as refused:
        TABLE.basis_points("S", date(2008, 11, 30))
    assert refused.value.message == (
        "VAT code S has no rate for 30 November 2008. Add a rate that starts on or before that day."
    )


def test_a_code_without_rates_is_refused() -> None:
    with pytest.raises(NoVatRate, match="VAT code Q has no rate"):
        TABLE.basis_points("Q", date(2026, 1, 1))
