from __future__ import annotations

import json
from typing import Any

import pytest

from ims.exports.errors import LayoutInvalid
from ims.exports.layout import Format, Grain, Kind, Side
from ims.exports.layout_reading import read_layout, shipped_definitions


def definition(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "code": "small",
        "name": "Small",
        "kind": "delimited",
        "columns": [
            {"heading": "Code", "source": "ledger_code"},
            {"heading": "Amount", "source": "amount_pence", "format": "pence"},
        ],
    }
    return {**base, **changes}


def with_column(**column: Any) -> dict[str, Any]:
    made = definition()
    made["columns"].append({"heading": "Extra", **column})
    return made


def fixed(**changes: Any) -> dict[str, Any]:
    columns = [
        {"heading": "Code", "source": "ledger_code", "width": 10},
        {"heading": "Amount", "source": "amount_pence", "format": "pence", "width": 12},
    ]
    return definition(kind="fixed_width", encoding="ascii", columns=columns, **changes)


def problems(data: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(LayoutInvalid) as caught:
        read_layout(data)
    return caught.value.problems


def test_a_small_layout_and_its_defaults() -> None:
    layout = read_layout(definition())
    assert (layout.kind, layout.grain, layout.delimiter) == (Kind.DELIMITED, Grain.DETAIL, ",")
    assert layout.line_ending == "\r\n"
    assert layout.headings
    assert layout.columns[0].format is Format.TEXT
    assert layout.amount_columns[0].side is Side.SIGNED


@pytest.mark.parametrize("shipped", shipped_definitions(), ids=lambda each: str(each["code"]))
def test_a_shipped_layout_survives_the_database(shipped: dict[str, object]) -> None:
    assert read_layout(json.loads(json.dumps(shipped))) == read_layout(shipped)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (definition(code="Not Good"), "The layout needs a “code” of small letters"),
        (definition(name=" "), "The layout needs a “name”."),
        (definition(kind="xml"), "has “kind” “xml”. Use one of: delimited, fixed_width."),
        (definition(encoding="utf-16"), "has “encoding” “utf-16”. Use one of: utf-8,"),
        (definition(headings="yes"), "has “headings” that is not true or false."),
        (definition(name=7), "has “name” that is not text."),
        (definition(extension="../x"), "needs an “extension”"),
        (definition(colour="red"), "The layout has “colour”, which is not a setting here."),
        (definition(columns=[]), "The layout has no columns."),
        (definition(columns={}), "has “columns” that is not a list."),
        (definition(columns=["Code"]), "Column number 1 is not a table of names and values."),
        (definition(group_by="fund_code"), "has “group_by” that is not a list of names."),
        (definition(group_by=["colour"]), "The layout groups by “colour”. Use any of:"),
        (definition(group_by=["fund_code"]), "groups lines but its grain is detail"),
        (definition(grain="summary"), "is a summary but has no “group_by”"),
        (definition(group_by=["kind", "kind"]), "names a field twice in “group_by”"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said(data: dict[str, Any], problem: str) -> None:
    assert any(problem in each for each in problems(data)), problems(data)


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ({}, "needs either a “source” or a “constant”, and not both."),
        ({"source": "kind", "constant": "x"}, "needs either a “source” or a “constant”"),
        ({"source": "password"}, "takes “password”. Use one of: account_reference, amount_pence"),
        ({"source": "kind", "format": "pounds"}, "has the format “pounds”, but “kind” is written"),
        ({"source": "received_on", "pattern": "%d"}, "has “pattern” “%d”. Use one of: YYYY-MM-DD"),
        ({"source": "kind", "width": 0}, "has “width” that is not a whole number from 1 to 1000."),
        ({"source": "kind", "width": True}, "has “width” that is not a whole number"),
        ({"source": "kind", "colour": "x"}, "has “colour”, which is not a setting here."),
        (
            {"source": "kind", "pad": "0", "width": 4},
            "padded with zeros, which would change a text",
        ),
        ({"source": "vat_pence", "pad": "0", "width": 9}, "padded with zeros, so it must be align"),
        ({"source": "vat_pence", "pad": "0"}, "padded with zeros but has no width"),
        ({"source": "ledger_code", "overflow": "cut"}, "must not be cut"),
        ({"source": "vat_pence", "overflow": "cut"}, "must not be cut"),
        ({"source": "kind", "side": "debit"}, "has the side debit, which only an amount can have"),
        ({"source": "kind", "sign": "always"}, "has a sign style, which only an amount can have"),
        ({"source": "record_type"}, "takes “record_type”, so the layout needs a “record_type”"),
        ({"constant": "abc", "width": 2}, "is wider than its width of 2: “abc”"),
        ({"source": "amount_pence"}, "needs one signed column for “amount_pence”, or one debit"),
    ],
)
def test_what_is_wrong_with_a_column_is_said_with_its_name(
    column: dict[str, Any], problem: str
) -> None:
    found = [each for each in problems(with_column(**column)) if problem in each]
    assert found, problems(with_column(**column))
    assert "“Extra”" in found[0] or found[0].startswith("The layout needs one")


def test_a_column_without_a_heading_is_named_by_its_place() -> None:
    data = with_column(source="kind", heading="")
    assert problems(data) == ("Column number 3 needs a “heading”.",)


def test_two_columns_of_one_heading_are_refused() -> None:
    data = with_column(source="kind", heading="Code")
    assert problems(data) == ("Column “Code” is there twice. Give each column its own heading.",)


def test_a_constant_must_fit_the_encoding() -> None:
    data = {**with_column(constant="Ł"), "encoding": "cp1252"}
    assert problems(data) == ("Column “Extra” cannot be written in cp1252: “Ł”.",)


def test_a_summary_may_only_show_what_its_lines_share() -> None:
    data = definition(grain="summary", group_by=["fund_code"])
    (problem,) = problems(data)
    assert problem == (
        "Column “Code” takes “ledger_code”, which differs between the lines of one summary. "
        "Add it to “group_by” or use a constant."
    )
    assert read_layout(definition(grain="summary", group_by=["fund_ledger_code"]))


@pytest.mark.parametrize(
    ("contra", "problem"),
    [
        ({"group_by": ["method_code"]}, "must group by “method_ledger_code”, the account it posts"),
        ({"group_by": ["colour"]}, "The contra rule groups by “colour”"),
        ("yes", "The contra rule is not a table of names and values."),
        (
            {"group_by": ["method_ledger_code"], "values": {"x": "y"}},
            "values has “x”, which is not",
        ),
        (
            {"group_by": ["method_ledger_code"], "values": {"method_ledger_code": "y"}},
            "values has “method_ledger_code”, which is not",
        ),
        ({"group_by": ["method_ledger_code"], "side": "x"}, "The contra rule has “side”, which"),
    ],
)
def test_what_is_wrong_with_the_contra_rule_is_said(contra: object, problem: str) -> None:
    found = problems(definition(contra=contra))
    assert any(problem in each for each in found), found


def test_a_contra_needs_a_column_that_says_its_account() -> None:
    data = definition(
        columns=[{"heading": "Amount", "source": "amount_pence"}],
        contra={"group_by": ["method_ledger_code"]},
    )
    assert "no column takes “ledger_code”" in problems(data)[0]


def test_a_contra_of_a_summary_groups_by_what_the_summary_has() -> None:
    data = definition(
        grain="summary",
        group_by=["fund_ledger_code"],
        contra={"group_by": ["method_ledger_code"]},
    )
    expected = "The contra rule groups by “method_ledger_code”, which the summary does not"
    assert expected in problems(data)[0]


def test_totals_that_are_only_known_at_the_end_cannot_be_in_the_header() -> None:
    found = problems(definition(header=[{"heading": "Debits", "source": "debit_pence"}]))
    assert found[0].startswith("Header column “Debits” takes “debit_pence”. Use one of: council,")


def test_a_trailer_amount_has_no_side() -> None:
    trailer = [{"heading": "Debits", "source": "debit_pence", "side": "debit"}]
    assert "which a header or trailer cannot have" in problems(definition(trailer=trailer))[0]


def test_a_hash_total_needs_ledger_codes() -> None:
    data = definition(
        columns=[{"heading": "Amount", "source": "amount_pence"}],
        trailer=[{"heading": "Hash", "source": "hash_total"}],
    )
    assert problems(data)[0].startswith("Trailer column “Hash” adds up ledger codes")


def test_fixed_width_needs_widths_one_length_and_one_byte_a_letter() -> None:
    assert read_layout(fixed())
    assert (
        "in utf-8, where a letter can take several" in problems(fixed() | {"encoding": "utf-8"})[0]
    )
    assert "cannot have a line of headings" in problems(fixed(headings=True))[0]
    header = [{"heading": "Run", "source": "run_reference", "width": 10}]
    assert "different lengths (10, 22)" in problems(fixed(header=header))[0]
    wide = fixed(trailer=[{"heading": "Records", "source": "record_count"}])
    assert "Column “Records” needs a width in a fixed-width layout." in problems(wide)


def test_every_problem_is_said_at_once() -> None:
    data = definition(name="", encoding="x", colour="y")
    assert len(problems(data)) == 3
