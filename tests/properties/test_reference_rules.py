"""Reference rules against a second implementation, written for the tests and in no hurry.

It follows the description of LocalGov IMS word for word, place by place, with none of the
compiling of the real one, and takes patterns with Python's own engine.
"""

from __future__ import annotations

import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ims.accounts.check_digits import CheckDigitConfig, compile_check_digit
from ims.accounts.reference import RuleConfig, check_form, compile_rule
from ims.accounts.rule_checks import find_example

UPPER = string.ascii_uppercase
DIGITS = string.digits
TYPES = {
    "letters": (UPPER + UPPER.lower(), False),
    "letters_spaces": (UPPER + UPPER.lower(), True),
    "digits": (DIGITS, False),
    "digits_spaces": (DIGITS, True),
    "letters_digits": (UPPER + UPPER.lower() + DIGITS, False),
    "letters_digits_spaces": (UPPER + UPPER.lower() + DIGITS, True),
}


# --- the slow implementation ----------------------------------------------------------------------


def slow_substitutions(text: str) -> dict[str, str]:
    pairs = [part.split(":") for part in text.split(",") if part]
    return {pair[0]: pair[1] for pair in pairs}


def slow_weighted(config: CheckDigitConfig, reference: str, at: int) -> bool:
    text = reference
    if config.source_substitution:
        text = config.source_substitution + reference[len(config.source_substitution) :]
    total = 0
    for place in range(len(text)):
        if text[place] in DIGITS:
            if place >= len(config.weights):
                return False
            total = total + int(text[place]) * config.weights[place]
    assert config.modulus is not None
    remainder = total % config.modulus
    if config.subtract:
        remainder = config.modulus - remainder
    results = slow_substitutions(config.result_substitutions)
    expected = results.get(str(remainder), str(remainder))
    return expected == reference[at]


def slow_variant(config: CheckDigitConfig, reference: str, at: int) -> bool:
    total = 0
    for place, character in enumerate(reference[: len(reference) - 1]):
        if character not in DIGITS:
            continue
        digit = int(character)
        if place % 2 == 1:
            total += digit
        else:
            if place >= len(config.weights):
                return False
            value = digit * config.weights[place]
            if value > 10:
                value = value - 10
            if digit > 4:
                value = value + 1
            total += value
    assert config.modulus is not None
    remainder = config.modulus - (total % config.modulus)
    results = slow_substitutions(config.result_substitutions)
    return results.get(str(remainder), str(remainder)) == reference[at]


def slow_check(config: CheckDigitConfig, reference: str, at: int) -> bool:
    strategy = slow_weighted if config.method == "weighted" else slow_variant
    return strategy(config, reference, at)


def slow_mask(rule: RuleConfig, reference: str) -> bool:
    reference = reference.upper()
    for place, character in enumerate(reference):
        if place >= len(rule.mask):
            return False
        symbol = rule.mask[place]
        if symbol == "$":
            good = character in UPPER
        elif symbol == "#":
            good = character in DIGITS
        elif symbol == "?":
            good = character in UPPER + DIGITS
        elif symbol == "*":
            good = character in UPPER + DIGITS + " /-"
        elif symbol == "@":
            good = rule.check_digit is not None and slow_check(rule.check_digit, reference, place)
        else:
            good = character == symbol
        if not good:
            return False
    return True


def slow_rule(rule: RuleConfig, text: str) -> bool:
    reference = text.strip()
    if rule.strip_spaces:
        reference = reference.replace(" ", "")
    if rule.upper_case:
        reference = reference.upper()
    if reference == "" or len(reference) < rule.min_length or len(reference) > rule.max_length:
        return False
    if rule.characters:
        letters, spaces = TYPES[rule.characters]
        for character in reference:
            if character not in letters and not (spaces and character == " "):
                return False
    if rule.pattern and re.search(rule.pattern, reference) is None:
        return False
    if rule.mask:
        return slow_mask(rule, reference)
    return rule.check_digit is None or slow_check(
        rule.check_digit, reference.upper(), len(reference) - 1
    )


# --- random rules and references ------------------------------------------------------------------


@st.composite
def check_digits(draw: st.DrawFn) -> CheckDigitConfig:
    modulus = draw(st.sampled_from([2, 7, 9, 10, 11, 37, 97]))
    results = draw(
        st.dictionaries(st.integers(0, modulus), st.sampled_from(UPPER + DIGITS), max_size=4)
    )
    weights = st.lists(st.integers(0, 20), min_size=1, max_size=20).filter(any)
    return CheckDigitConfig(
        method=draw(st.sampled_from(["weighted", "luhn_variant"])),
        modulus=modulus,
        weights=tuple(draw(weights)),
        source_substitution=draw(st.text(DIGITS + "AB", max_size=3)),
        result_substitutions=",".join(f"{each}:{to}" for each, to in results.items()),
        subtract=draw(st.booleans()),
    )


PATTERNS = ["", r"^\d+$", r"\d{3}", "^[A-Z]{2}", "7$", "(a|b|[0-9])+", r"^\w+[^7]$"]


@st.composite
def rules(draw: st.DrawFn) -> RuleConfig:
    digit = draw(st.none() | check_digits())
    symbols = "$#?*AB7-" + ("@" if digit else "")
    mask = draw(st.just("") | st.text(symbols, min_size=1, max_size=12))
    least = draw(st.integers(1, 8))
    return RuleConfig(
        min_length=least,
        max_length=draw(st.integers(least, 14)),
        characters=draw(st.sampled_from(["", "", *TYPES])),
        pattern=draw(st.sampled_from(PATTERNS)),
        mask=mask,
        check_digit=digit,
        strip_spaces=draw(st.booleans()),
        upper_case=draw(st.booleans()),
    )


def close_to(rule: RuleConfig) -> st.SearchStrategy[str]:
    """References that have a chance: one that passes, and what is a character away from it."""
    found = find_example(compile_rule(rule))
    if not found:
        return st.just("")
    characters = st.sampled_from(UPPER + DIGITS + "ab -/")
    changed = st.tuples(st.integers(0, len(found) - 1), characters).map(
        lambda change: found[: change[0]] + change[1] + found[change[0] + 1 :]
    )
    return st.just(found) | changed


REFERENCES = st.text(UPPER + DIGITS + "ab -/", max_size=16)


@given(rules(), st.data())
@settings(max_examples=400, deadline=None)
def test_a_random_rule_judges_as_the_slow_one(rule: RuleConfig, data: st.DataObject) -> None:
    compiled = compile_rule(rule)
    for text in (data.draw(REFERENCES), data.draw(close_to(rule)), data.draw(close_to(rule))):
        verdict = check_form(compiled, text)
        assert verdict.ok == slow_rule(rule, text), (rule, text, verdict)
        assert bool(compiled.refusal(verdict.reference)) != verdict.ok or not verdict.reference


@given(check_digits(), st.text(UPPER + DIGITS, min_size=1, max_size=20), st.data())
@settings(max_examples=400, deadline=None)
def test_a_random_check_digit_judges_as_the_slow_one(
    config: CheckDigitConfig, reference: str, data: st.DataObject
) -> None:
    fits = compile_check_digit(config).fits
    at = data.draw(st.integers(0, len(reference) - 1))
    for character in UPPER + DIGITS:
        text = reference[:at] + character + reference[at + 1 :]
        assert fits(text, at) == slow_check(config, text, at), text


@given(st.text(DIGITS, min_size=13, max_size=13))
@example("5555555555555")
def test_the_luhn_variant_with_its_usual_weights_is_luhn(body: str) -> None:
    ours = compile_check_digit(
        CheckDigitConfig(
            method="luhn_variant",
            modulus=10,
            weights=(2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2),
            result_substitutions="10:0",
        )
    )
    luhn = compile_check_digit(CheckDigitConfig(method="luhn"))
    for digit in DIGITS:
        assert ours.fits(body + digit, 13) == luhn.fits(body + digit, 13)


@given(rules(), st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_a_rule(rule: RuleConfig, text: str) -> None:
    verdict = check_form(compile_rule(rule), text)
    assert verdict.ok == (not verdict.reason)
