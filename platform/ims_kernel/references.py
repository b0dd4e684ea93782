"""Short receipt numbers that catch a slip of the finger.

A number is written in 32 characters without I, L, O and U, and ends in a check character: the
value of the digits as a polynomial over the field of 32 elements. Any one wrong character and any
two characters swapped, next to each other or not, give another check character (tested one by one
in tests/ims_kernel/test_references.py).
"""

from __future__ import annotations

from functools import cache, lru_cache

from ims_kernel.errors import ImsError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {char: i for i, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_SHORTEST = 5
_THREE = 32**3


class ReferenceUnreadable(ImsError):
    """The text is not a receipt number of ours, or was mistyped."""

    code = "references.unreadable"


def _times_two(value: int) -> int:
    """Multiply by x in the field of 32 elements with x^5 = x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check(values: list[int]) -> int:
    total = 0
    for value in values:
        total = _times_two(total ^ value)
    return total


@cache
def _last_three() -> tuple[list[str], list[int]]:
    """The text and the check of every last three digits, 32,768 of them."""
    digits = [(n >> 10, n >> 5 & 31, n & 31) for n in range(_THREE)]
    texts = ["".join(ALPHABET[value] for value in three) for three in digits]
    return texts, [_check(list(three)) for three in digits]


@lru_cache(maxsize=1_024)
def _before_three(high: int) -> tuple[str, int]:
    """The text of the digits before the last three, and what they add to the check."""
    text = _encode(high * _THREE)
    return text[:-4], ALPHABET.index(text[-1])


def encode(number: int) -> str:
    """The receipt number of a positive whole number, such as `00K9TQ`.

    Ledger files and imports write millions, so the last three digits are looked up: the check is
    linear, so the checks of the two parts add up (by exclusive or) to that of the whole.
    """
    high, low = divmod(number, _THREE)
    if high < 1:
        return _encode(number)
    texts, checks = _last_three()
    text, check = _before_three(high)
    return f"{text}{texts[low]}{ALPHABET[check ^ checks[low]]}"


def _encode(number: int) -> str:
    if number < 1:
        raise ValueError("Receipt numbers start at 1.")
    values: list[int] = []
    while number:
        number, rest = divmod(number, 32)
        values.insert(0, rest)
    values = [0] * (_SHORTEST - len(values)) + values
    return "".join(ALPHABET[value] for value in values) + ALPHABET[_check(values)]


def decode(text: str) -> int:
    """The whole number behind a receipt number, however it was spaced or cased.

    Raises ReferenceUnreadable when the check character does not fit.
    """
    compact = "".join(text.upper().replace("-", " ").split())
    values = [_VALUE.get(char, -1) for char in compact]
    number = 0
    for value in values[:-1]:
        number = number * 32 + value
    wrong_shape = not _SHORTEST < len(values) <= _SHORTEST + 8 or -1 in values
    if wrong_shape or number < 1 or _check(values[:-1]) != values[-1]:
        raise ReferenceUnreadable(
            f"“{text[:20]}” is not a receipt number. Check each character against the receipt."
        )
    return number
