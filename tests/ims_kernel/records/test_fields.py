"""Each kind of field: what it takes, what it refuses, what it says, and how it describes itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ims_kernel.records.errors import FieldRefused
from ims_kernel.records.fields import (
    Choice,
    Choices,
    Colour,
    Day,
    Field,
    Flag,
    Link,
    Links,
    Money,
    Percent,
    Picture,
    Rows,
    Secret,
    Text,
    Whole,
    lower_first,
    object_schema,
)

N: dict[str, Any] = {"name": "it", "label": "It"}
AB = (("a", "Apple"), ("b", "Bread"))


@pytest.mark.parametrize(
    ("field", "given", "kept", "words"),
    [
        (Text(**N), "  two words ", "two words", "two words"),
        (Text(**N, optional=True), "   ", "", ""),
        (Text(**N, optional=True), None, "", ""),
        (Text(**N, multiline=True), "a\r\nb", "a\nb", "a\nb"),
        (Text(**N, uppercase=True), "ct", "CT", "CT"),
        (Choice(**N, options=AB), "b", "b", "Bread"),
        (Choices(**N, options=AB), ["b", "a"], ["a", "b"], "Apple, Bread"),
        (Choices(**N, options=AB, optional=True), [], [], ""),
        (Flag(**N), True, True, "Yes"),
        (Flag(**N), None, False, "No"),
        (Whole(**N), 1234, 1234, "1,234"),
        (Whole(**N, optional=True), None, None, ""),
        (Money(**N), 123456, 123456, "£1,234.56"),
        (Percent(**N), 2000, 2000, "20%"),
        (Percent(**N), 1750, 1750, "17.5%"),
        (Day(**N), "2026-04-01", "2026-04-01", "1 April 2026"),
        (Day(**N), date(2026, 4, 1), "2026-04-01", "1 April 2026"),
        (Colour(**N), "#1D4F91", "#1d4f91", "#1d4f91"),
        (Link(**N, to="x"), " CT ", "CT", "CT"),
        (Links(**N, to="x"), ["b", "a", "b"], ["a", "b"], "a, b"),
        (Secret(**N), " key ", "key", "Changed"),
        (Secret(**N), "", "", ""),
        (Picture(**N), None, None, ""),
    ],
)
def test_a_value_is_kept_and_said(field: Field, given: Any, kept: Any, words: str) -> None:
    assert field.clean(given) == kept
    assert field.words(kept) == words


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        (Text(**N), "", "Enter it."),
        (Text(**N), "  ", "Enter it."),
        (Text(**N), "a\u202eb", "cannot be seen"),
        (Choice(**N, options=AB), "c", "“c” is not one of: a, b"),
        (Choices(**N, options=AB), "a", "must be a list"),
        (Choices(**N, options=AB), ["z"], "“z” is not one of"),
        (Flag(**N), "yes", "must be true or false"),
        (Whole(**N), True, "must be a whole number"),
        (Whole(**N), "7", "must be a whole number"),
        (Whole(**N, maximum=9), 10, "from 0 to 9"),
        (Money(**N, minimum=100), 99, "from £1.00 to"),
        (Day(**N), "2026-02-30", "is not a date"),
        (Day(**N), 5, "is not a date"),
        (Colour(**N), "#ffff00", "too pale"),
        (Colour(**N), "blue", "is not a colour"),
        (Link(**N, to="x"), 4, "must be text"),
        (Links(**N, to="x"), [4], "must be a list of codes"),
        (Secret(**N), "k" * 501, "longer than 500"),
    ],
)
def test_a_value_is_refused_in_words(field: Field, given: Any, words: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        field.clean(given)
    assert words in refused.value.message
    assert refused.value.facts["field"] == "it"


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(FieldRefused) as refused:
        Secret(**N).clean("hush\x00hush")
    assert "hush" not in str(refused.value)


RATES = Rows(
    name="rates",
    label="Rates",
    fields=(Day(name="starts_on", label="From"), Percent(name="rate", label="Rate")),
    least=1,
    most=2,
)


def test_rows_are_cleaned_one_by_one() -> None:
    kept = RATES.clean([{"starts_on": date(2026, 4, 1), "rate": 500}])
    assert kept == [{"starts_on": "2026-04-01", "rate": 500}]
    assert RATES.words(kept) == "1 April 2026, 5%"


@pytest.mark.parametrize(
    ("given", "words", "facts"),
    [
        ([], "may have 1 to 2 rows", {}),
        ([{}] * 3, "There are 3", {}),
        ("x", "must be a list", {}),
        ([4], "row 1: this is not a table", {"row": 1}),
        ([{"when": 1}], "row 1: there is no field “when”", {"row": 1}),
        (
            [{"starts_on": "2026-04-01", "rate": 1}, {"starts_on": "", "rate": 1}],
            "Rates, row 2: Enter from.",
            {"row": 2, "column": "starts_on"},
        ),
    ],
)
def test_a_bad_row_is_named(given: Any, words: str, facts: dict[str, Any]) -> None:
    with pytest.raises(FieldRefused) as refused:
        RATES.clean(given)
    assert words in refused.value.message
    assert refused.value.facts == {"field": "rates", **facts}


def test_fields_describe_themselves() -> None:
    fields = (
        Text(**{**N, "name": "code"}, pattern="[A-Z]+", pattern_words="letters", hint="Short."),
        Text(**{**N, "name": "note"}, pattern="[a-z]+", optional=True),
        Choice(**{**N, "name": "one"}, options=AB, optional=True),
        Choices(**{**N, "name": "some"}, options=AB, optional=True),
        Flag(**{**N, "name": "on"}),
        Money(**{**N, "name": "least"}, optional=True),
        Day(**{**N, "name": "day"}),
        Colour(**{**N, "name": "colour"}, default="#000000"),
        Link(**{**N, "name": "to"}, to="x"),
        Links(**{**N, "name": "several"}, to="x", optional=True),
        RATES,
    )
    schema = object_schema(fields)
    assert schema["required"] == ["code", "day", "to"]
    assert schema["additionalProperties"] is False
    said = schema["properties"]
    assert said["code"] == {
        "type": "string",
        "maxLength": 100,
        "pattern": "^[A-Z]+$",
        "description": "It. Short.",
    }
    assert said["note"]["pattern"] == "^([a-z]+)?$"
    assert said["one"]["enum"] == ["a", "b", ""]
    assert said["least"]["type"] == ["integer", "null"]
    assert said["rates"]["items"]["required"] == ["starts_on", "rate"]


def test_what_a_new_record_begins_with() -> None:
    assert Text(**N).start == ""
    assert Whole(**N, default=7).start == 7
    assert Flag(**N).start is False
    assert Rows(**N).start == []


def test_a_label_in_a_sentence() -> None:
    assert lower_first("Ledger code") == "ledger code"
    assert lower_first("VAT code") == "VAT code"
