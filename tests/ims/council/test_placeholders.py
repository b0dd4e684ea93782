"""Placeholders: only names mean anything, and a value is never read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims.council.messages import MESSAGES
from ims.council.placeholders import PlaceholderUnknown, check, fill, used

KNOWN = ("amount", "council")


def test_values_are_put_in() -> None:
    text = "{{ amount }} to {{council}}; {{   amount }}"
    assert fill(text, {"amount": "£1.00", "council": "Northmoor"}) == "£1.00 to Northmoor; £1.00"
    assert used(text) == ["amount", "council", "amount"]


@given(st.text(), st.text())
def test_a_value_is_never_looked_at_again(value: str, other: str) -> None:
    given_values = {"amount": value, "council": other}
    assert fill("{{ amount }}|{{ council }}", given_values) == f"{value}|{other}"


@given(st.text(st.characters(exclude_characters="{}%#")))
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    check(text, known=KNOWN)
    assert fill(text, {"amount": "x"}) == text


@given(st.text())
def test_a_subject_is_one_line(value: str) -> None:
    filled = fill("Re: {{ amount }}", {"amount": value}, one_line=True)
    assert len(filled.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "{{ total }}",
            "“{{ total }}” is not known in this message. You can use: {{ amount }}",
        ),
        ("{{ amount }", "Line 1 has “{{”"),
        ("fine\n\namount }}", "Line 3 has “}}”"),
        ("{{ amount|safe }}", "Line 1 has “{{”"),
        ("{{ amount.__class__ }}", "Line 1 has “{{”"),
        ("{% if amount %}", "Line 1 has “{%”"),
        ("{# note #}", "Line 1 has “{#”"),
        ("{{ 7*7 }}", "Line 1 has “{{”"),
        ("{{{{ amount }}}}", "Line 1 has “{{”"),
    ],
)
def test_anything_else_in_braces_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(PlaceholderUnknown) as caught:
        check(text, known=KNOWN)
    assert words in caught.value.message


def test_what_a_message_cannot_do_without() -> None:
    with pytest.raises(PlaceholderUnknown, match=r"must hold “\{\{ amount"):
        check("Hello", known=KNOWN, needed=("amount",))


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.code)
def test_the_words_we_ship_pass_their_own_rules(message: object) -> None:
    known = [each.name for each in message.placeholders]  # type: ignore[attr-defined]
    check(message.subject, known=known)  # type: ignore[attr-defined]
    check(message.body, known=known, needed=message.needed)  # type: ignore[attr-defined]
    assert set(message.needed) <= set(known)  # type: ignore[attr-defined]
