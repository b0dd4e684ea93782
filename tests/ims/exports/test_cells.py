from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ims.exports.layout import Column, Format, Kind, Layout, Side, SignRule, SignStyle
from ims.exports.writers.cells import CellRefused, cell_for, read_amount

MONEY = {"source": "amount_pence", "format": Format.POUNDS}


def cell(
    value: Any, *, kind: Kind = Kind.DELIMITED, rule: str = "debit_positive", **kw: Any
) -> str:
    column = Column(heading="Test", **kw)
    layout = Layout(code="test", name="Test", kind=kind, columns=(), sign_rule=SignRule(rule))
    return cell_for(layout, column)(value)


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
    given = {"source": "effective_on", "format": Format.DATE, "pattern": pattern}
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
    write = cell_for(layout, Column(heading="Fund", source="fund_code"))
    assert [write(f"F{n}") for n in range(9_000)] == [f"F{n}" for n in range(9_000)]
    assert write("F0") == "F0"


@pytest.mark.parametrize(
    ("text", "sign", "pence"),
    [
        ("120.50", "minus", 12_050),
        ("-0.05", "minus", -5),
        ("+120.50", "always", 12_050),
        ("  120.50-", "trailing", -12_050),
        ("  120.50 ", "trailing", 12_050),
        ("   ", "minus", 0),
    ],
)
def test_an_amount_is_read_back(text: str, sign: str, pence: int) -> None:
    assert read_amount(Column(heading="x", sign=SignStyle(sign), **MONEY), text) == pence


@pytest.mark.parametrize(
    "text",
    ["120", "120.5", "1,200.50", "NaN", "12O.50", "\u0661.\u0660\u0660", ".", "--1.00", "1_0.00"],
)
def test_what_is_not_an_amount_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_amount(Column(heading="x", **MONEY), text)


def test_pence_are_read_back() -> None:
    column = Column(heading="x", source="amount_pence", format=Format.PENCE)
    assert read_amount(column, "-000012050") == -12_050
