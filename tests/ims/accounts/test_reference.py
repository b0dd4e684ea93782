"""The steps of a reference rule, one by one and in order."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from ims.accounts.errors import CheckDigitUnusable, ReferenceRuleUnusable
from ims.accounts.reference import (
    AccountFacts,
    Asked,
    FundReference,
    Limits,
    RuleConfig,
    StopVerdict,
    Verdict,
    check,
    check_form,
    compile_rule,
)
from ims.accounts.reference_steps import MAX_REFERENCE
from ims.accounts.rule_checks import check_rule, find_example
from tests.ims.accounts.test_check_digits import ACADEMY, LIBRARY, PARKING, PENALTY, RENTS

KEPT = {"strip_spaces": False, "upper_case": False}


def rule(**settings: object) -> RuleConfig:
    return RuleConfig(**{**KEPT, **settings})  # type: ignore[arg-type]


def ok(config: RuleConfig, text: str) -> bool:
    verdict = check_form(compile_rule(config), text)
    assert verdict.ok == (not verdict.reason)
    return verdict.ok


def steps(verdict: Verdict) -> list[tuple[str, bool]]:
    return [(step.step, step.ok) for step in verdict.steps]


PARKING_RULE = rule(min_length=10, max_length=10, mask="BJ#######@", check_digit=PARKING)


@pytest.mark.parametrize(
    ("config", "good"),
    [
        (PARKING_RULE, "BJ12345673"),
        (PARKING_RULE, "bj1234563a"),  # compared in capitals
        (rule(mask="########@", check_digit=ACADEMY), "500123458"),
        (rule(mask="FP#######@", check_digit=PENALTY), "FP1234567A"),
        (rule(mask="##########@", check_digit=RENTS), "12345678902"),
        (rule(mask="#############@", check_digit=LIBRARY), "21800000123453"),
    ],
)
def test_the_old_systems_masks(config: RuleConfig, good: str) -> None:
    assert ok(config, good)
    assert not ok(config, good[:-1] + "B")
    assert not ok(config, good + "0")
    assert not ok(config, "Q" + good[1:])


@pytest.mark.parametrize(
    ("mask", "good", "bad"),
    [
        ("$", "aZéßÑ", "1 -/_"),
        ("#", "0123456789", "A \u0663\u00b2\u00bd-"),
        ("?", "aZé09", " -/_"),
        ("*", "aZ09 -/", "_.,"),
        ("A", "Aa", "B1 "),
        ("-", "-", "/A "),
    ],
)
def test_mask_symbols(mask: str, good: str, bad: str) -> None:
    # In the middle, since a reference is trimmed.
    for character in good:
        assert ok(rule(mask=f"#{mask}#"), f"1{character}2"), character
    for character in bad:
        assert not ok(rule(mask=f"#{mask}#"), f"1{character}2"), character


def test_a_shorter_reference_passes_a_mask_and_a_longer_one_does_not() -> None:
    assert ok(rule(mask="BJ###"), "BJ1")
    assert ok(rule(mask="BJ###@", check_digit=PARKING), "BJ1")  # the check character is not reached
    assert not ok(rule(mask="BJ###"), "BJ1234")


def test_without_a_mask_the_check_character_is_the_last() -> None:
    assert ok(rule(check_digit=PARKING), "BJ12345673")
    assert not ok(rule(check_digit=PARKING), "BJ12345674")


@pytest.mark.parametrize(
    ("characters", "good", "bad"),
    [
        ("letters", ["abcXYZ"], ["ab1", "a b", "é", "a-b"]),
        ("letters_spaces", ["ab cd", "abc", "a\u00a0b"], ["a1", "a-b"]),
        ("digits", ["0123"], ["12a", "1 2", "\u0661\u0662"]),
        ("digits_spaces", ["1 2", "12"], ["1a", "1-2"]),
        ("letters_digits", ["a1B2"], ["a 1", "a_1", "é1"]),
        ("letters_digits_spaces", ["a 1", "a1"], ["a-1", "a/1"]),
    ],
)
def test_the_six_types_of_characters(characters: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert ok(rule(characters=characters), text), text
    for text in bad:
        assert not ok(rule(characters=characters), text), text


def test_a_pattern_matches_anywhere_unless_it_is_anchored() -> None:
    assert ok(rule(pattern=r"\d{4}"), "AB1234C")
    assert not ok(rule(pattern=r"^\d{4}$"), "AB1234C")
    assert not ok(rule(pattern="^bj"), "BJ1")  # the pattern sees the reference as it is kept
    assert ok(rule(pattern="^BJ", upper_case=True), "bj1")


def test_spaces_and_capitals_are_put_right_when_the_rule_says_so() -> None:
    config = RuleConfig(mask="BJ#######@", check_digit=PARKING, min_length=10, max_length=10)
    verdict = check_form(compile_rule(config), "  bj 1234 5673\t")
    assert verdict.ok
    assert verdict.reference == "BJ12345673"
    assert check_form(compile_rule(rule()), " ab 1 ").reference == "ab 1"


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_is_no_reference(text: str) -> None:
    verdict = check_form(compile_rule(rule()), text)
    assert steps(verdict) == [("length", False)]
    assert verdict.reason == "There is no reference."


def test_every_step_speaks_even_after_one_fails() -> None:
    config = rule(
        min_length=9, max_length=9, characters="digits", pattern="^5", mask="########@",
        check_digit=ACADEMY,
    )  # fmt: skip
    verdict = check_form(compile_rule(config), "7X0123458")
    assert steps(verdict) == [
        ("length", True),
        ("characters", False),
        ("pattern", False),
        ("mask", False),
        ("check_digit", False),
    ]
    assert verdict.reason == "Character 2 is “X”. It may only have digits."
    assert [step.words for step in check_form(compile_rule(config), "500123458").steps] == [
        "It has 9 characters.",
        "It has only digits.",
        "It matches the pattern.",
        "It fits the mask ########@.",
        "The check character is right.",
    ]


FUND = FundReference(
    "CT", "Council Tax", rule=None, limits=Limits(100, 50_000, "Council Tax"), must_exist=True
)
ACCOUNTS = {
    "1": AccountFacts("1"),
    "2": AccountFacts("2", is_closed=True),
    "3": AccountFacts("3", stops={"online": StopVerdict(blocks=True, words="Ring us.")}),
    "4": AccountFacts("4", stops={"online": StopVerdict(blocks=False, words="Court costs.")}),
}


def find(fund_code: str, reference: str) -> AccountFacts | None:
    assert fund_code == "CT"
    return ACCOUNTS.get(reference)


@pytest.mark.parametrize(
    ("reference", "channel", "found"),
    [
        ("1", "online", [("account", True)]),
        ("2", "online", [("account", False)]),
        ("3", "online", [("account", True), ("stop", False)]),
        ("3", "bank", [("account", True)]),
        ("4", "online", [("account", True), ("stop", True)]),
        ("9", "online", [("account", False)]),
    ],
)
def test_the_account_list(reference: str, channel: str, found: list[tuple[str, bool]]) -> None:
    verdict = check(FUND, reference, Asked(channel=channel), find_account=find)
    assert steps(verdict) == found
    assert verdict.ok == all(passed for _, passed in found)


@pytest.mark.parametrize(
    ("amount", "method", "fine"),
    [
        (100, None, True),
        (99, None, False),
        (50_000, None, True),
        (50_001, None, False),
        (-50_001, None, False),
        (20_000, Limits(None, 10_000, "Card"), False),
        (20_000, Limits(30_000, None, "Card"), False),
        (20_000, Limits(None, 0, "Card"), True),  # the old system's 0 was meant as no limit
    ],
)
def test_limits_hold_also_where_a_fund_has_no_rule(
    amount: int, method: Limits | None, fine: bool
) -> None:
    verdict = check(FUND, "1", Asked(amount, method), find_account=find)
    assert steps(verdict)[0] == ("amount", fine)
    assert verdict.ok == fine


def test_limits_are_said_in_pounds() -> None:
    verdict = check(FUND, "1", Asked(50_001, Limits(None, 2_000, "Card")), find_account=find)
    assert verdict.reason == (
        "£500.01 is outside the limits. The most Council Tax takes is £500.00. "
        "The most Card takes is £20.00."
    )


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (rule(min_length=0), "min_length"),
        (rule(min_length=41, max_length=41), "min_length"),
        (rule(min_length=9, max_length=8), "max_length"),
        (rule(max_length=41), "max_length"),
        (rule(characters="runes"), "characters"),
        (rule(mask="bj###"), "mask"),
        (rule(mask="###", min_length=4), "mask"),
        (rule(mask="###@"), "mask"),
        (rule(mask="###", check_digit=PARKING), "mask"),
        (rule(mask="@###", check_digit=LIBRARY), "mask"),
        (rule(mask="##@@", check_digit=LIBRARY), "mask"),
        (rule(pattern="(unclosed"), "pattern"),
        (rule(pattern="(?=ahead)"), "pattern"),
        (rule(pattern=r"(a)\1"), "pattern"),
        (rule(pattern="x" * 201), "pattern"),
        (rule(pattern=r"[^\x00-\x{10FFFF}]"), "pattern"),
        (rule(pattern="a^b"), "pattern"),
        (rule(pattern="(((a{1,30}){1,30}){1,30})"), "pattern"),
        (rule(pattern="^[A-Z]", characters="digits"), "example_reference"),
        (rule(mask="$##", characters="digits"), "example_reference"),
        (rule(example="AB", characters="digits"), "example_reference"),
        (rule(example="BJ12345674", check_digit=PARKING), "example_reference"),
        (rule(mask="# #", min_length=3, strip_spaces=True), "example_reference"),
    ],
)
def test_what_could_not_work_is_refused_with_its_field(config: RuleConfig, field: str) -> None:
    with pytest.raises(ReferenceRuleUnusable) as refused:
        check_rule(config)
    assert refused.value.facts["field"] == field
    assert refused.value.message.endswith(".")


def test_a_check_digit_that_could_not_work_is_refused_with_the_rule() -> None:
    broken = rule(check_digit=type(PARKING)(method="weighted"))
    with pytest.raises(CheckDigitUnusable):
        check_rule(broken)


@pytest.mark.parametrize(
    "config",
    [
        rule(),
        PARKING_RULE,
        rule(pattern=r"\d{4}", min_length=8),
        rule(pattern=r"^77\d{7}$", check_digit=ACADEMY),
        rule(mask="##########@", check_digit=RENTS, characters="digits"),
        rule(characters="letters", min_length=5, max_length=5),
        rule(mask="?????@@", check_digit=type(PARKING)(method="mod_97_10"), min_length=7),
        rule(mask="$$-## *@", check_digit=type(PARKING)(method="mod_37_36"), min_length=8),
    ],
)
def test_an_example_is_found_that_passes(config: RuleConfig) -> None:
    compiled = check_rule(config)
    example = find_example(compiled)
    assert example
    assert check_form(compiled, example).ok


HOSTILE = [
    "(a+)+$",
    "(a|a)*b",
    "(a|aa)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*" * 20 + "!",
    "(x+x+)+y",
    "^(a?){40}a{40}$",
    r"(\w{1,50}){1,20}$",
    "((a{1,10}){1,10}){1,10}",
    "(a{1000}){1000}",
    "[" * 200,
    "(" * 100 + ")" * 100,
]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_is_refused_or_answers_at_once(pattern: str) -> None:
    began = time.process_time()
    with suppress(ReferenceRuleUnusable):
        compiled = compile_rule(rule(pattern=pattern))
        for text in ("a" * 39 + "!", "x" * 40, "aB" * 20, "!" * 40, "a" * 1_000_000):
            check_form(compiled, text)
    assert time.process_time() - began < 0.25


def test_a_reference_of_a_million_characters_is_not_looked_at() -> None:
    config = rule(mask="#" * 40, characters="digits", pattern="1$", check_digit=RENTS)
    verdict = check_form(compile_rule(config), "1" * 1_000_000)
    assert steps(verdict) == [("length", False)]
    assert verdict.reason == f"It has 1000000 characters. It may have {MAX_REFERENCE}."
