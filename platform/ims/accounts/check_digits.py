"""Check digits: how a council writes them down, and the function each becomes.

The weighted sum and the Luhn variant are those that councils' references were issued by for
twenty years, to the last quirk (docs/reference/reference-rules.md has them with worked examples);
the others are in check_methods.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from ims.accounts.check_methods import ALPHANUMERIC, METHODS, TAKES_LETTERS
from ims.accounts.errors import CheckDigitUnusable

WEIGHTED, LUHN_VARIANT = "weighted", "luhn_variant"
MAX_WEIGHTS = 40
MIN_MODULUS, MAX_MODULUS = 2, 999
_DIGITS = "0123456789"
_TEN, _HALF_OF_TEN = 10, 5
# (a capital reference, the place of the check character from 0) -> whether it is right.
Fits = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDigitConfig:
    """A check digit as a council writes it.

    `result_substitutions` is a comma list of `result:character`; `alphabet` of `letter=number`.
    Only the weighted sum and the Luhn variant have a modulus, weights and result substitutions.
    """

    method: str
    modulus: int | None = None
    weights: tuple[int, ...] = ()
    source_substitution: str = ""
    result_substitutions: str = ""
    subtract: bool = False
    alphabet: str = ""


class CompiledCheckDigit(NamedTuple):
    """A check digit ready to use. `last` is how many check characters end the reference, or 0
    when there is one and it may stand anywhere."""

    fits: Fits
    last: int


def read_weights(text: str) -> tuple[int, ...]:
    """Weights from `9,8,7`, one a place of the reference. Raises CheckDigitUnusable."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    for place, part in enumerate(parts, start=1):
        if not part.isascii() or not part.isdigit() or int(part) > MAX_MODULUS:
            raise CheckDigitUnusable(
                f"Weight {place} is “{part[:20]}”. Write whole numbers from 0 to {MAX_MODULUS} "
                "with a comma between them, such as 9,8,7.",
                field="weights",
            )
    return tuple(int(part) for part in parts)


def check_config(config: CheckDigitConfig) -> None:
    """Refuse a check digit that could not work, in words. Raises CheckDigitUnusable."""
    if config.method in METHODS:
        _refuse_unused(config)
    elif config.method in {WEIGHTED, LUHN_VARIANT}:
        _refuse_bad_sum(config)
    else:
        raise CheckDigitUnusable(
            f"There is no check digit method “{config.method}”.", field="method"
        )
    read_alphabet(config.alphabet)


def compile_check_digit(config: CheckDigitConfig) -> CompiledCheckDigit:
    """The function of a check digit. Raises CheckDigitUnusable."""
    check_config(config)
    if config.method == WEIGHTED:
        return CompiledCheckDigit(_safely(_weighted(config)), 0)
    if config.method == LUHN_VARIANT:
        return CompiledCheckDigit(_safely(_luhn_variant(config)), 1)
    return CompiledCheckDigit(_published(config), 2 if config.method == "mod_97_10" else 1)


def read_alphabet(text: str) -> dict[str, int]:
    """The number of each letter from `A=10, B=11`. Raises CheckDigitUnusable."""
    found: dict[str, int] = {}
    for part in text.replace(",", " ").split():
        letter, _, number = part.partition("=")
        if not (len(letter) == 1 and "A" <= letter <= "Z" and _whole(number, 999)):
            raise CheckDigitUnusable(
                f"“{part[:20]}” does not give a letter its number. Write a capital letter, an "
                "equals sign and a whole number, such as A=10, B=11.",
                field="alphabet",
            )
        if letter in found:
            raise CheckDigitUnusable(f"Letter {letter} is there twice.", field="alphabet")
        found[letter] = int(number)
    return found


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most


def _refuse_unused(config: CheckDigitConfig) -> None:
    """A setting that a method does not use would make people believe that it does something."""
    unused = {
        "modulus": config.modulus is not None,
        "weights": bool(config.weights),
        "source_substitution": bool(config.source_substitution),
        "result_substitutions": bool(config.result_substitutions),
        "subtract": config.subtract,
        "alphabet": bool(config.alphabet) and config.method in TAKES_LETTERS,
    }
    for name, is_set in unused.items():
        if is_set:
            raise CheckDigitUnusable(
                f"This method has no {name.replace('_', ' ')} of your own. Leave it empty, or "
                "choose the weighted sum.",
                field=name,
            )


def _refuse_bad_sum(config: CheckDigitConfig) -> None:
    if config.modulus is None or not MIN_MODULUS <= config.modulus <= MAX_MODULUS:
        raise CheckDigitUnusable(
            f"Give a modulus from {MIN_MODULUS} to {MAX_MODULUS}, such as 10 or 11.",
            field="modulus",
        )
    if not config.weights or not any(config.weights):
        raise CheckDigitUnusable(
            "Give the weights, one for each place of the reference, such as 9,8,7,6,5,4,3,2,1,0. "
            "At least one must not be 0.",
            field="weights",
        )
    if len(config.weights) > MAX_WEIGHTS:
        raise CheckDigitUnusable(
            f"There are {len(config.weights)} weights. A reference has at most {MAX_WEIGHTS} "
            "characters.",
            field="weights",
        )
    if config.source_substitution.strip(ALPHANUMERIC):
        raise CheckDigitUnusable(
            "What replaces the start of the reference may only have digits and capital letters.",
            field="source_substitution",
        )
    _read_results(config.result_substitutions, config.modulus)


def _read_results(text: str, modulus: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        result, _, character = part.partition(":")
        if not (_whole(result, modulus) and len(character) == 1 and character in ALPHANUMERIC):
            raise CheckDigitUnusable(
                f"“{part[:20]}” does not say which character stands for a result. Write a result "
                f"from 0 to {modulus}, a colon and one digit or capital letter, such as 10:A.",
                field="result_substitutions",
            )
        if int(result) in found:
            raise CheckDigitUnusable(
                f"Result {int(result)} is there twice.", field="result_substitutions"
            )
        found[int(result)] = character
    return found


def _weighted(config: CheckDigitConfig) -> Fits:
    values = {digit: int(digit) for digit in _DIGITS} | read_alphabet(config.alphabet)
    weights, start = config.weights, config.source_substitution
    skip, modulus, subtract = len(start), config.modulus or 0, config.subtract
    characters = _characters(config)

    def fits(reference: str, at: int) -> bool:
        text = start + reference[skip:]
        total = 0
        for place, character in enumerate(text):
            value = values.get(character)
            if value is not None:
                # A digit that no weight is for makes the reference invalid.
                total += value * weights[place]
        rest = total % modulus
        # A remainder of 0 gives the modulus itself, not 0: references were issued so.
        return characters[modulus - rest if subtract else rest] == reference[at]

    return fits


def _luhn_variant(config: CheckDigitConfig) -> Fits:
    values = {digit: int(digit) for digit in _DIGITS} | read_alphabet(config.alphabet)
    weights, modulus = config.weights, config.modulus or 0
    characters = _characters(config)

    def fits(reference: str, at: int) -> bool:
        total = 0
        for place, character in enumerate(reference[:-1]):
            digit = values.get(character)
            if digit is None:
                continue
            if place % 2:
                total += digit
                continue
            value = digit * weights[place]
            if value > _TEN:  # not 10 itself: 5 x 2 stays 10
                value -= _TEN
            total += value + (digit >= _HALF_OF_TEN)
        return characters[modulus - total % modulus] == reference[at]

    return fits


def _characters(config: CheckDigitConfig) -> tuple[str, ...]:
    """The check character of each result from 0 to the modulus."""
    modulus = config.modulus or 0
    substitutes = _read_results(config.result_substitutions, modulus)
    return tuple(substitutes.get(result, str(result)) for result in range(modulus + 1))


def _safely(fits: Fits) -> Fits:
    def safe(reference: str, at: int) -> bool:
        try:
            return fits(reference, at)
        except IndexError:  # fewer weights than the reference has characters
            return False

    return safe


def _published(config: CheckDigitConfig) -> Fits:
    consistent = METHODS[config.method]
    counts: Mapping[str, str] = MappingProxyType(
        {digit: digit for digit in _DIGITS}
        | {letter: str(number) for letter, number in read_alphabet(config.alphabet).items()}
        | ({letter: letter for letter in ALPHANUMERIC} if config.method in TAKES_LETTERS else {})
    )
    ends = frozenset(
        _DIGITS
        + (ALPHANUMERIC if config.method in TAKES_LETTERS else "")
        + ("X" if config.method == "mod_11_2" else "")
    )

    def fits(reference: str, at: int) -> bool:  # noqa: ARG001 - these look at the whole reference
        body = "".join([counts.get(character, "") for character in reference[:-1]])
        return bool(body) and reference[-1] in ends and consistent(body + reference[-1])

    return fits
