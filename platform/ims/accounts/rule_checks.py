"""Refusing a reference rule that could not work, in words, when it is saved.

A rule must be shown to work: by the example the council gives, which must pass; or, when it gives
none, by an example found here. A rule nothing can pass would quietly send all money to suspense.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import re2

from ims.accounts.check_digits import compile_check_digit
from ims.accounts.check_methods import ALPHANUMERIC
from ims.accounts.errors import ReferenceRuleUnusable
from ims.accounts.reference import CompiledRule, RuleConfig, check_form, compile_rule
from ims.accounts.reference_steps import MAX_REFERENCE, capitals, compile_search
from ims.funds.errors import PatternUnusable
from ims.funds.hopeless_patterns import refuse_hopeless_search

_TRIES = 200


def check_rule(config: RuleConfig) -> CompiledRule:
    """The compiled rule. Raises ReferenceRuleUnusable or CheckDigitUnusable, with `field`."""
    _refuse_lengths(config)
    _refuse_mask(config)
    compiled = compile_rule(config)
    if config.pattern:
        try:
            refuse_hopeless_search(config.pattern)
        except PatternUnusable as error:
            raise ReferenceRuleUnusable(error.message, field="pattern") from error
    if config.example:
        verdict = check_form(compiled, config.example)
        if not verdict.ok:
            raise ReferenceRuleUnusable(
                f"The example “{config.example}” does not pass this rule. {verdict.reason}",
                field="example_reference",
            )
    elif not find_example(compiled):
        raise ReferenceRuleUnusable(
            "We could not find a reference that passes all steps of this rule. Give an example "
            "that should pass, or look for two steps that contradict each other.",
            field="example_reference",
        )
    return compiled


def find_example(rule: CompiledRule) -> str:
    """A reference that passes the rule, or "" when a short search finds none."""
    numbers = Random(2026)  # noqa: S311 - always the same example for the same rule
    starts = list(_starts(rule.config))
    for turn in range(_TRIES):
        start = starts[turn % len(starts)]
        text = start if turn < len(starts) else _shuffled(start, numbers)
        for candidate in _with_check_characters(rule.config, text):
            kept = rule.normalise(candidate)
            if kept and not rule.refusal(kept):
                return kept
    return ""


def _refuse_lengths(config: RuleConfig) -> None:
    if not 1 <= config.min_length <= MAX_REFERENCE:
        raise ReferenceRuleUnusable(
            f"The shortest length must be from 1 to {MAX_REFERENCE}.", field="min_length"
        )
    if not config.min_length <= config.max_length <= MAX_REFERENCE:
        raise ReferenceRuleUnusable(
            f"The longest length must be from {config.min_length}, the shortest, to "
            f"{MAX_REFERENCE}.",
            field="max_length",
        )


def _refuse_mask(config: RuleConfig) -> None:
    mask = config.mask
    for place, symbol in enumerate(mask, start=1):
        if capitals(symbol) != symbol:
            raise _bad_mask(
                f"Character {place} of the mask is “{symbol}”. References are compared in "
                f"capitals, so nothing could match it. Write “{capitals(symbol)}”."
            )
    if mask and len(mask) < config.min_length:
        raise _bad_mask(
            f"The mask has {len(mask)} characters and a reference at least {config.min_length}, so "
            "nothing could match it. Lengthen the mask or shorten the shortest length."
        )
    ats = [place for place, symbol in enumerate(mask) if symbol == "@"]
    if ats and config.check_digit is None:
        raise _bad_mask("The mask has @, the check character. Choose a check digit as well.")
    if config.check_digit is None or not mask:
        return
    if not ats:
        raise _bad_mask(
            "This rule has a check digit and its mask no @. Put @ where the check character is."
        )
    last = compile_check_digit(config.check_digit).last
    if last and ats != list(range(len(mask) - last, len(mask))):
        where = "the last character" if last == 1 else f"the last {last} characters"
        raise _bad_mask(f"With this check digit, @ must be {where} of the mask and nowhere else.")


def _bad_mask(message: str) -> ReferenceRuleUnusable:
    return ReferenceRuleUnusable(message, field="mask")


def _range(pattern: str) -> tuple[str, str] | None:
    """The least and greatest text that could match from its start, where RE2 can tell."""
    try:
        least, most = compile_search(pattern).possiblematchrange(MAX_REFERENCE)
    except re2.error:
        return None
    return least.decode("utf-8", "ignore"), most.decode("utf-8", "ignore")


_FIRST = {"$": "A", "#": "1", "?": "1", "*": "1", "@": "1"}


def _starts(config: RuleConfig) -> Iterator[str]:
    """Texts to start the search from."""
    lengths = sorted({config.min_length, config.max_length, len(config.mask) or 1})
    lengths = [each for each in lengths if config.min_length <= each <= config.max_length]
    if config.mask:
        full = "".join(_FIRST.get(symbol, symbol) for symbol in config.mask)
        yield from (full[:length] for length in reversed(lengths))
    if config.pattern:
        for text in _range(config.pattern) or ():
            for length in lengths:
                yield text
                yield text.ljust(length, "1")
                yield text.rjust(length, "1")
    filler = "A" if config.characters.startswith("letters") else "1"
    yield from (filler * length for length in lengths)


def _shuffled(text: str, numbers: Random) -> str:
    """The text with other digits, and sometimes other letters, in the places of its own."""
    return "".join(str(numbers.randrange(10)) if "0" <= each <= "9" else each for each in text)


def _with_check_characters(config: RuleConfig, text: str) -> Iterator[str]:
    """The text with every check character that could be meant in its place."""
    if config.check_digit is None or not text:
        yield text
        return
    ats = [at for at, symbol in enumerate(config.mask) if symbol == "@" and at < len(text)]
    if config.check_digit.method == "mod_97_10":
        yield from (f"{text[:-2]}{number:02}" for number in range(100))
        return
    for character in ALPHANUMERIC:
        letters = list(text)
        for at in ats or [len(text) - 1]:
            letters[at] = character
        yield "".join(letters)
