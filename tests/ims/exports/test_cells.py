from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ims.exports.layout import Column, Format, Kind, Layout, Side, SignRule, SignStyle
from ims.exports.writers.amounts import read_amounts
from ims.exports.writers.cells import CellRefused, cells_for

MONEY: dict[str, Any] = {"source": "amount_pence", "format": Format.POUNDS}


def cell(
    value: Any, *, kind: Kind = Kind.DELIMITED, rule: str = "debit_positive", **kw: Any
) -> str:
    column = Column(heading="Test", **kw)
    layout = Layout(code="test", name="Test", kind=kind, columns=(), sign_rule=SignRule(rule))
    (text,) = cells_for(layout, column)([value])
    return text


@pytest.mark.parametrize(
    ("changes", "pence", "text"),
    [
        ({}, 12_050, "-120.50"),
        ({}, -5, "0.05"),
        ({}, 0, "0.00"),
        ({"rule": "credit_positive"}, 12_050, "120.50"),
        ({"format": Format.PENCE}, 12_050, "-12050"),
        ({"format": Format.PENCE, "width": 9, "align": "right"}, 12_050, "   -12050"),
        ({"format": Format.PENCE, "width": 9, "align": "right", "pad": "0"}, 12_050, "-00012050"),
        ({"format": Format.PENCE, "width": 9, "align": "right", "pad": "0"}, -12_050, "000012050"),
        ({"sign": SignStyle.ALWAYS}, -12_050, "+120.50"),
        ({"sign": SignStyle.ALWAYS}, 12_050, "-120.50"),
        ({"sign": SignStyle.TRAILING}, 12_050, "120.50-"),
        ({"sign": SignStyle.TRAILING, "width": 9, "align": "right"}, 12_050, "  120.50-"),
        ({"sign": SignStyle.TRAILING, "width": 9, "align": "right"}, -12_050, "  120.50 "),
        ({"side": Side.DEBIT}, -12_050, "120.50"),
        ({"side": Side.DEBIT}, 12_050, ""),
        ({"side": Side.CREDIT}, 12_050, "120.50"),
        ({"side": Side.CREDIT}, -12_050, ""),
        ({"side": Side.DEBIT}, 0, ""),
        ({"side": Side.CREDIT}, 0, "0.00"),
        ({"side": Side.CREDIT, "width": 8}, -1, "        "),
    ],
)
def test_amounts(changes: dict[str, Any], pence: int, text: str) -> None:
    assert cell(pence, **MONEY | changes) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("YYYY-MM-DD", "2026-08-03"),
        ("DD/MM/YYYY", "03/08/2026"),
        ("DD-MM-YYYY", "03-08-2026"),
        ("DD.MM.YYYY", "03.08.2026"),
        ("YYYYMMDD", "20260803"),
        ("DDMMYYYY", "03082026"),
        ("DDMMYY", "030826"),
        ("YYMMDD", "260803"),
    ],
)
def test_dates(pattern: str, text: str) -> None:
    given: dict[str, Any] = {"source": "effective_on", "format": Format.DATE, "pattern": pattern}
    assert cell(date(2026, 8, 3), **given) == text
    assert cell(date(2026, 8, 3), **given, width=12) == text.ljust(12)
    assert cell(None, **given) == ""


def test_a_missing_date_is_refused_when_required() -> None:
    with pytest.raises(CellRefused, match="is empty"):
        cell(None, source="effective_on", format=Format.DATE, required=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "' x"),
        ("\rx", "' x"),
        ("  =x", "'  =x"),
        ("\uff1dx", "'\uff1dx"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_disarmed_in_delimited_files_only(
    value: str, text: str
) -> None:
    assert cell(value, source="narrative") == text
    fixed = cell(value, kind=Kind.FIXED_WIDTH, source="narrative", width=20)
    assert fixed == value.replace("\t", " ").replace("\r", " ").ljust(20)


def test_a_number_is_never_taken_for_a_formula() -> None:
    assert cell(12_050, **MONEY) == "-120.50"
    assert cell(7, source="line_count", format=Format.NUMBER, width=4, pad="0") == "0007"
    assert cell(None, source="line_id", format=Format.NUMBER) == ""


def test_the_same_cell_function_forgets_when_it_has_seen_many_values() -> None:
    layout = Layout(code="test", name="Test", kind=Kind.DELIMITED, columns=())
    write = cells_for(layout, Column(heading="Fund", source="fund_code"))
    values = [f"F{n}" for n in range(9_000)]
    assert list(write(values)) == values
    assert list(write(["F0"])) == ["F0"]


@pytest.mark.parametrize(
    ("text", "sign", "pence"),
    [
        ("120.50", "minus", 12_050),
        ("-0.05", "minus", -5),
        ("+120.50", "always", 12_050),
        ("  120.50-", "trailing", -12_050),
        ("  120.50 ", "trailing", 12_050),
    ],
)
def test_an_amount_is_read_back(text: str, sign: str, pence: int) -> None:
    assert read_amounts(Column(heading="x", sign=SignStyle(sign), **MONEY), [text]) == [pence]


@pytest.mark.parametrize(
    "text",
    ["120", "120.5", "1,200.50", "NaN", "12O.50", "\u0661.\u0660\u0660", ".", "--1.00", "1_0.00"],
)
def test_what_is_not_an_amount_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_amounts(Column(heading="x", **MONEY), [text])


def test_pence_are_read_back() -> None:
    column = Column(heading="x", source="amount_pence", format=Format.PENCE)
    assert read_amounts(column, ["-000012050", "", "  ", " 7"]) == [-12_050, 7]
    assert read_amounts(column, ["-000012050", "", "+7"]) == [-12_050, 7]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("width", [20, None])
@pytest.mark.parametrize("align", ["left", "right"])
def test_a_batch_gives_what_its_values_give_one_by_one(
    kind: Kind, width: int | None, align: str
) -> None:
    if kind is Kind.FIXED_WIDTH and width is None:
        width = 30
    layout = Layout(code="test", name="Test", kind=kind, columns=())
    write = cells_for(layout, Column(heading="x", source="narrative", width=width, align=align))
    plain = ["Mrs A Example", "", "7", "(paid)", "£5", "Zoë"]
    odd = ["=1", "two\nlines", " leading", "*star", "#hash", "-1"]
    for batch in (plain, odd, plain + odd, [*plain, None]):
        assert list(write(batch)) == [text for each in batch for text in write([each])]


def test_many_pounds_are_read_back_at_once() -> None:
    column = Column(heading="x", **MONEY)
    assert read_amounts(column, ["1.00", "", "-0.05", "+7.10"]) == [100, -5, 710]
    for odd in ("1.2.30", "1.2", "--1.00", "1-.00"):
        with pytest.raises(ValueError, match=r".*"):
            read_amounts(column, ["1.00", odd])
