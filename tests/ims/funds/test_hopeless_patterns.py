"""Patterns that could never match are refused when they are written, and only those."""

from __future__ import annotations

import time

import pytest

from ims.funds.errors import PatternUnusable
from ims.funds.hopeless_patterns import refuse_hopeless_account, refuse_hopeless_search


@pytest.mark.parametrize(
    "pattern",
    [
        r"77\d{7}",
        r"BC/\d{2}/\d{4}",
        r"[A-C^$]\d{3}",
        r"[]^]\d",
        r"[^]$]\d",
        r"\^\d\$",
        r"\Q^x$\E\d",
        r"[[:alpha:]$]\d{4}",
        r"(?i)tw\d{5}",
        r"(?P<kind>77|88)\d{7}",
        r"\x{24}\d|\x24\d",
        r"\p{Lu}\d{4}|\pN\d",
        r"a{2,3}b{1}c*",
        "",
    ],
)
def test_ordinary_account_patterns_are_kept(pattern: str) -> None:
    refuse_hopeless_account(pattern)
    if pattern:
        refuse_hopeless_search(pattern)


@pytest.mark.parametrize(
    ("pattern", "mark"),
    [(r"^77\d{7}", "^"), (r"77\d{7}$", "$"), (r"77\b\d", r"\b"), (r"\A7", r"\A"), (r"7\z", r"\z")],
)
def test_an_account_pattern_needs_no_places(pattern: str, mark: str) -> None:
    with pytest.raises(PatternUnusable) as refused:
        refuse_hopeless_account(pattern)
    assert refused.value.message == (
        f"Leave “{mark}” out of the pattern “{pattern}”: the whole reference is always compared."
    )


@pytest.mark.parametrize("pattern", [r"[^\s\S]", r"77[^\d\D]\d", r"[^\x00-\x{10FFFF}]1"])
def test_a_set_without_characters_is_refused(pattern: str) -> None:
    for refuse in (refuse_hopeless_account, refuse_hopeless_search):
        with pytest.raises(PatternUnusable) as refused:
            refuse(pattern)
        assert refused.value.message == (
            f"The pattern “{pattern}” can never match: it has a set without any character."
        )


@pytest.mark.parametrize(
    "pattern",
    [
        r"^77 \d{3}$",
        r"^a|^b",
        r"(^a|b)c$",
        r"(?:^|x)\d",
        r"a(b|$)",
        r"(a|b$)|^c",
        r"(?i)^a$",
        r"(?m)a$\n^b",
        r"\bRENT\b",
        r"\A\d+\z",
    ],
)
def test_places_where_they_can_be_are_kept(pattern: str) -> None:
    refuse_hopeless_search(pattern)


@pytest.mark.parametrize(
    ("pattern", "mark", "words"),
    [
        (r"a^b", "^", "the start of the text, and something comes before it"),
        (r"a(x|^b)", "^", "the start of the text, and something comes before it"),
        (r"(a|b)^c", "^", "the start of the text, and something comes before it"),
        (r"7\A7", r"\A", "the start of the text, and something comes before it"),
        (r"a$b", "$", "the end of the text, and something comes after it"),
        (r"(a|b$)c", "$", "the end of the text, and something comes after it"),
        (r"$\Qx\E", "$", "the end of the text, and something comes after it"),
    ],
)
def test_a_place_that_never_comes_is_refused(pattern: str, mark: str, words: str) -> None:
    with pytest.raises(PatternUnusable) as refused:
        refuse_hopeless_search(pattern)
    assert refused.value.message == (
        f"The pattern “{pattern}” can never match: “{mark}” means {words}."
    )


@pytest.mark.parametrize("pattern", [r"77(\d", r"\d*", r"(a)\1", "7" * 201])
def test_an_account_pattern_is_compiled_first(pattern: str) -> None:
    with pytest.raises(PatternUnusable):
        refuse_hopeless_account(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+\d", r"(.*a){12}\d", "(" * 60 + "a" + ")" * 60, "[" * 99 + "]", r"\Q" + "x" * 150],
)
def test_looking_is_quick_whatever_the_pattern(pattern: str) -> None:
    started = time.perf_counter()
    refuse_hopeless_search(pattern)
    assert time.perf_counter() - started < 0.5
