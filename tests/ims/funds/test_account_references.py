"""A council's own patterns: whole references only, exactly one, and never slow."""

from __future__ import annotations

import time

import pytest

from ims.funds.account_references import MAX_PATTERN, compile_pattern
from ims.funds.errors import PatternUnusable

CT = compile_pattern(r"77\d{7}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("770012345", "770012345"),
        ("CTAX 770012345 SMITH", "770012345"),
        ("(770012345)", "770012345"),
        ("ref:770012345.", "770012345"),
        ("1770012345", None),  # inside longer digits
        ("7700123456", None),
        ("A770012345", None),
        ("77001234", None),
        ("", None),
    ],
)
def test_a_reference_is_found_whole_and_never_inside_longer_digits(
    text: str, found: str | None
) -> None:
    assert CT.find(text) == found


def test_the_same_reference_twice_is_one_and_two_different_ones_are_none() -> None:
    assert CT.find("770012345", "PAID 770012345") == "770012345"
    assert CT.find("770012345 770012346") is None
    assert CT.find("770012345", "", "770012346") is None
    assert CT.find("770012345", "nothing here", "") == "770012345"


def test_accepting_takes_the_whole_reference() -> None:
    assert CT.accepts("770012345")
    for wrong in ("770012345 ", " 770012345", "770012345\n", "A770012345", "7700123456", ""):
        assert not CT.accepts(wrong)


def test_an_empty_pattern_accepts_anything_and_finds_nothing() -> None:
    anything = compile_pattern("")
    assert anything.accepts("whatever")
    assert anything.find("770012345") is None


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"(77|88)\d{7}", "PAID 880012345", "880012345"),
        (r"(?:77|88)(\d{3})(\d{4})", "770012345", "770012345"),
        (r"(?P<kind>77|88)\d{7}", "PAID 880012345", "880012345"),
        (r"TW\d{5}|TR\d{4}", "a TR1234 b", "TR1234"),
        (r"(?i)tw\d{5}", "TW12345", "TW12345"),
        (r"[A-C(]\d{3}", "x A123", "A123"),
        (r"A\(\d\)B", "A(1)B", "A(1)B"),
        (r"7[(?]1", "7(1", "7(1"),
    ],
)
def test_groups_in_a_pattern_do_not_change_what_is_found(
    pattern: str, text: str, found: str
) -> None:
    made = compile_pattern(pattern)
    assert made.find(text) == found
    assert made.accepts(found)


def test_a_bracket_in_a_set_of_characters_stays_what_it_is() -> None:
    made = compile_pattern(r"7[(]1")
    assert made.find("7(1") == "7(1"
    for wrong in ("7?1", "7:1"):
        assert made.find(wrong) is None
        assert not made.accepts(wrong)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(a+)+\d", "a" * 100_000),
        (r"(a|aa)+\d", "a" * 100_000),
        (r"(\d+)*x", "1" * 100_000),
        (r"([a-z]+)*[0-9]{3}", "abcdefghij" * 10_000),
        (r"(.*a){12}\d", "a" * 50_000),
    ],
)
def test_hostile_patterns_take_no_longer_than_the_text(pattern: str, text: str) -> None:
    made = compile_pattern(pattern)
    started = time.perf_counter()
    assert not made.accepts(text)
    assert made.find(text) is None
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("pattern", [r"7(", r"[", r"a)(b", r"*", r"(?=a)b", r"(a)\1", r"a{9999}"])
def test_patterns_that_cannot_be_read_are_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(PatternUnusable) as refused:
        compile_pattern(pattern)
    assert refused.value.message.startswith(f"The pattern “{pattern}” cannot be read: ")


@pytest.mark.parametrize("pattern", [r"\d*", r"(abc)?", r"x{0}", r"|a"])
def test_patterns_that_match_nothing_at_all_are_refused(pattern: str) -> None:
    with pytest.raises(PatternUnusable) as refused:
        compile_pattern(pattern)
    assert refused.value.message == f"The pattern “{pattern}” also matches nothing at all."


def test_patterns_that_need_too_much_memory_are_refused() -> None:
    with pytest.raises(PatternUnusable):
        compile_pattern(r"((\d{100}){100}){10}")


def test_a_pattern_has_a_longest_length() -> None:
    assert compile_pattern("7" * MAX_PATTERN).accepts("7" * MAX_PATTERN)
    with pytest.raises(PatternUnusable) as refused:
        compile_pattern("7" * (MAX_PATTERN + 1))
    assert refused.value.message == "The pattern has 201 characters. It may have 200."
