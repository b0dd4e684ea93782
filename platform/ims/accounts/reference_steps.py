"""The steps that look at a reference itself: length, characters, pattern, mask, check digit.

Each is made once from a rule and then asked for thousands of references. Patterns are RE2, whose
time grows with the text alone; a reference has at most MAX_REFERENCE characters when one is
looked at, and a pattern at most MAX_PROGRAM instructions, so no pattern can hold anybody up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import re2

from ims.accounts.check_digits import CompiledCheckDigit
from ims.accounts.errors import ReferenceRuleUnusable

MAX_REFERENCE = 40
MAX_PATTERN = 200
MAX_PROGRAM = 2000
_PATTERN_MEMORY = 1 << 20


class Step(NamedTuple):
    """One thing a reference is asked. `fails` gives the reason in words, or "" when it passes."""

    step: str
    passes: str
    fails: Callable[[str], str]


class _Kind(NamedTuple):
    allowed: str  # of a regular expression's character class
    words: str


# The six types of LocalGov IMS; “spaces” is any white space, and white space alone will do.
CHARACTERS: Mapping[str, _Kind] = MappingProxyType(
    {
        "letters": _Kind("A-Za-z", "letters"),
        "letters_spaces": _Kind(r"A-Za-z\s", "letters and spaces"),
        "digits": _Kind("0-9", "digits"),
        "digits_spaces": _Kind(r"0-9\s", "digits and spaces"),
        "letters_digits": _Kind("A-Za-z0-9", "letters and digits"),
        "letters_digits_spaces": _Kind(r"A-Za-z0-9\s", "letters, digits and spaces"),
    }
)


def capitals(text: str) -> str:
    """The text in capitals, character by character: ß stays ß, so no place moves."""
    if text.isascii():
        return text.upper()
    return "".join([up if len(up := each.upper()) == 1 else each for each in text])


def length_step(least: int, most: int) -> Step:
    """Between `least` and `most` characters."""
    wanted = str(least) if least == most else f"{least} to {most}"

    def fails(reference: str) -> str:
        if least <= len(reference) <= most:
            return ""
        plural = "" if len(reference) == 1 else "s"
        return f"It has {len(reference)} character{plural}. It must have {wanted}."

    return Step("length", f"It has {wanted} characters.", fails)


def characters_step(kind: str) -> Step:
    """Only characters of one of the six types. Raises ReferenceRuleUnusable."""
    found = CHARACTERS.get(kind)
    if found is None:
        raise ReferenceRuleUnusable(f"There is no character type “{kind}”.", field="characters")
    other = re.compile(f"[^{found.allowed}]")

    def fails(reference: str) -> str:
        odd = other.search(reference)
        if odd is None:
            return ""
        return (
            f"Character {odd.start() + 1} is {_shown(odd.group())}. It may only have {found.words}."
        )

    return Step("characters", f"It has only {found.words}.", fails)


def pattern_step(pattern: str) -> Step:
    """A pattern found anywhere in the reference, unless it is anchored with ^ and $.

    Raises ReferenceRuleUnusable when it cannot be read, is too large or matches no text at all.
    """
    search = compile_search(pattern).search
    words = f"It does not match the pattern {pattern}."

    def fails(reference: str) -> str:
        return "" if search(reference.encode("utf-8", "replace")) else words

    return Step("pattern", "It matches the pattern.", fails)


def compile_search(pattern: str) -> Any:
    """The compiled pattern, for bytes. Raises ReferenceRuleUnusable."""
    if len(pattern) > MAX_PATTERN:
        raise _unusable(f"The pattern has {len(pattern)} characters. It may have {MAX_PATTERN}.")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        # Bytes: on text, the binding counts characters before and after every match.
        compiled = re2.compile(pattern.encode(), options)
    except re2.error as error:
        raise _unusable(
            f"The pattern “{pattern}” cannot be read: {_reason(error)}. Look-ahead, look-behind "
            "and back references are not known here."
        ) from None
    if compiled.programsize > MAX_PROGRAM:
        raise _unusable(
            f"The pattern “{pattern}” is too costly: it repeats something that is itself repeated "
            "many times. Write it with fewer or smaller repetitions."
        )
    return compiled


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def _unusable(message: str) -> ReferenceRuleUnusable:
    return ReferenceRuleUnusable(message, field="pattern")


def _letter(character: str) -> bool:
    return character.isalpha()


def _digit(character: str) -> bool:
    return "0" <= character <= "9"


def _letter_or_digit(character: str) -> bool:
    return character.isalpha() or "0" <= character <= "9"


def _free(character: str) -> bool:
    return _letter_or_digit(character) or character in " /-"


def _any(character: str) -> bool:  # noqa: ARG001 - the check digit step looks at it
    return True


# `@` is the check character: here it may be anything.
MASK: Mapping[str, tuple[Callable[[str], bool], str]] = MappingProxyType(
    {
        "$": (_letter, "a letter"),
        "#": (_digit, "a digit"),
        "?": (_letter_or_digit, "a letter or digit"),
        "*": (_free, "a letter, digit, space, / or -"),
        "@": (_any, "the check character"),
    }
)


def mask_step(mask: str) -> Step:
    """The reference in capitals against the mask, place by place.

    A reference shorter than the mask passes when its places do; the lengths are what guards it.
    """
    wanted = [MASK.get(symbol, (symbol.__eq__, _shown(symbol))) for symbol in mask]
    tests = [test for test, _ in wanted]
    too_long = (
        f"It is longer than the mask {mask}, which has {len(mask)} character"
        f"{'' if len(mask) == 1 else 's'}."
    )

    def fails(reference: str) -> str:
        if len(reference) > len(mask):
            return too_long
        text = capitals(reference)
        for place, character in enumerate(text):
            if not tests[place](character):
                return (
                    f"Character {place + 1} is {_shown(character)}. "
                    f"The mask {mask} needs {wanted[place][1]} there."
                )
        return ""

    return Step("mask", f"It fits the mask {mask}.", fails)


def check_digit_step(compiled: CompiledCheckDigit, mask: str) -> Step:
    """The check character at each `@` of the mask, or at the end where there is no mask."""
    fits, places = compiled.fits, tuple(at for at, symbol in enumerate(mask) if symbol == "@")

    def fails(reference: str) -> str:
        text = capitals(reference)
        for place in places if mask else (len(text) - 1,):
            if place < len(text) and not fits(text, place):
                return (
                    f"The check character, {_shown(text[place])} at place {place + 1}, does not "
                    "go with the others. One of them may be mistyped."
                )
        return ""

    return Step("check_digit", "The check character is right.", fails)


def _shown(character: str) -> str:
    if character.isspace():
        return "a space"
    return f"“{character}”" if character.isprintable() else "an unprintable character"
