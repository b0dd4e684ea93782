"""Whole pence, read strictly, printed exactly and split with no lost penny."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims_kernel.money import (
    MAX_PENCE,
    AmountUnreadable,
    Money,
    format_pounds,
    parse_pounds,
    pence_from_decimal,
    plain_pounds,
    split_pence,
)

amounts = st.integers(min_value=-MAX_PENCE + 1, max_value=MAX_PENCE - 1)


@given(amounts)
def test_what_is_printed_is_read_back(pence: int) -> None:
    assert parse_pounds(format_pounds(pence)) == pence
    assert parse_pounds(plain_pounds(pence)) == pence
    assert pence_from_decimal(Decimal(pence) / 100) == pence


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("-12.50", -1250),
        ("+5", 500),
        ("£1,234.50", 123450),
        ("-£1,234,567.89", -123456789),
        (" 0.01 ", 1),
        ("-0.00", 0),
        ("9,999,999,999.99", MAX_PENCE - 1),
        ("0012.30", 1230),
    ],
)
def test_amounts_people_write_are_read(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


# trust.md 4.4: what Decimal() would take, and other texts that are no amount.
HOSTILE = [
    "NaN", "sNaN", "Infinity", "-inf", "1e5", "1E+2", "1_000", "１２.５０", "٣", "१२", "²",  # noqa: RUF001
    "9" * 40, "0x10", "", " ", ".", ".50", "5.", "1.005", "1.000", "--5", "+-5", "5-", "(5.00)",
    "1,00", "1,0000", ",100", "12,34.50", "1.234,50", "1 234", "£", "£-5", "££5", "$5", "5p",
    "12.50.10", "1\x00", "12\n34", "=1+1", "1;2", "10,000,000,000.00", "10000000000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_not_amounts(text: str) -> None:
    with pytest.raises(AmountUnreadable) as refused:
        parse_pounds(text)
    assert refused.value.message.startswith(f"“{text[:40]}” is ")


@given(st.text(max_size=30))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        pence = parse_pounds(text)
    except AmountUnreadable:
        return
    plain = text.strip().replace("£", "").replace(",", "")
    assert Decimal(plain) * 100 == pence


def test_the_reason_says_how_to_write_an_amount() -> None:
    with pytest.raises(AmountUnreadable) as refused:
        parse_pounds("12.345")
    assert refused.value.message == (
        "“12.345” is not an amount. Write pounds and pence, like 1234.50."
    )
    assert refused.value.code == "money.amount_unreadable"


@pytest.mark.parametrize(
    "value",
    [
        "1.005",
        "NaN",
        "Infinity",
        "-Infinity",
        "1E+30",
        "1E-3",
        "1E+999999",
        "1E-999",
        "0." + "0" * 40 + "1",
    ],
)
def test_decimals_with_part_pennies_or_no_value_are_refused(value: str) -> None:
    with pytest.raises(AmountUnreadable):
        pence_from_decimal(Decimal(value))


@pytest.mark.parametrize(
    ("value", "pence"),
    [
        ("1.100", 110),
        ("1E+2", 10_000),
        ("-0.0100", -1),
        ("3", 300),
    ],
)
def test_decimals_of_whole_pence_are_read_however_they_are_written(value: str, pence: int) -> None:
    assert pence_from_decimal(Decimal(value)) == pence


@pytest.mark.parametrize("value", [1.0, "1", Decimal(1), True, None])
def test_money_holds_whole_pence_only(value: object) -> None:
    with pytest.raises(TypeError, match="whole pence"):
        Money(value)  # type: ignore[arg-type]


def test_money_adds_subtracts_and_prints() -> None:
    assert Money(150) + Money(-50) == Money(100)
    assert Money(100) - Money(250) == Money(-150)
    assert str(-Money(123456)) == "-£1,234.56"
    assert Money(-1) < Money(0)


weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_shares_add_up_and_are_within_a_penny_of_fair(total: int, parts: list[int]) -> None:
    shares = split_pence(total, parts)
    assert sum(shares) == total
    assert len(shares) == len(parts)
    for share, weight in zip(shares, parts, strict=True):
        assert abs(share * sum(parts) - total * weight) < sum(parts)
        assert share * total >= 0


@given(amounts, weights)
def test_the_shares_of_minus_an_amount_are_minus_its_shares(total: int, parts: list[int]) -> None:
    assert split_pence(-total, parts) == [-share for share in split_pence(total, parts)]


def test_pennies_left_over_go_to_those_who_lost_most_earliest_first() -> None:
    assert split_pence(100, [1, 1, 1]) == [34, 33, 33]
    assert split_pence(-101, [1, 1, 1]) == [-34, -34, -33]
    assert split_pence(10, [0, 3, 7]) == [0, 3, 7]
    assert split_pence(1, [1, 2]) == [0, 1]


@pytest.mark.parametrize("parts", [[], [0], [0, 0], [1, -1], [-1, 3]])
def test_weights_that_share_nothing_are_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        split_pence(100, parts)
