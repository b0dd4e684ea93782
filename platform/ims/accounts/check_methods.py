"""The published check digit methods, each as plain arithmetic on text.

Each function says whether a whole text (digits, capital letters, its check characters last) is
consistent. The caller takes out what does not count, and leaves one character before the check.

Sources: Luhn, US patent 2,950,048 and ISO/IEC 7812-1 annex B; ISO/IEC 7064:2003 for Mod 97-10,
Mod 11-2 and Mod 37,36; J. Verhoeff, “Error detecting decimal codes” (1969); H. M. Damm, “Total
anti-symmetrische Quasigruppen” (2004).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle
from types import MappingProxyType

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# The dihedral group D5, the permutation applied to each place (period 8); Verhoeff, table 5.1.
_D5 = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
# A weakly totally anti-symmetric quasigroup of order 10; Damm, page 106.
_QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def luhn(text: str) -> bool:
    """Whether the digits have a sum, every second one doubled from the right, ending in 0."""
    total = sum(
        _DOUBLED[int(digit)] if doubled else int(digit)
        for digit, doubled in zip(reversed(text), cycle((False, True)))
    )
    return total % 10 == 0


def mod_97_10(text: str) -> bool:
    """Whether the number, letters written as 10 to 35, leaves 1 when divided by 97."""
    body, check = text[:-2], text[-2:]
    if not body or not check.isdigit():
        return False
    return int("".join(str(ALPHANUMERIC.index(letter)) for letter in text)) % 97 == 1


def mod_11_2(text: str) -> bool:
    """Whether the digits, with 2 to the power of the place as weights, leave 1; X is 10."""
    total = 0
    for digit in text[:-1]:
        total = (total + int(digit)) * 2 % 11
    check = 10 if text[-1] == "X" else int(text[-1])
    return (total + check) % 11 == 1


def mod_37_36(text: str) -> bool:
    """Whether the hybrid system over 0-9 and A-Z ends at 1."""
    product = 36
    for letter in text[:-1]:
        product = ((product + ALPHANUMERIC.index(letter)) % 36 or 36) * 2 % 37
    return (product + ALPHANUMERIC.index(text[-1])) % 36 == 1


def verhoeff(text: str) -> bool:
    """Whether the digits, permuted by their place, multiply to 0 in D5."""
    found = 0
    for place, digit in enumerate(reversed(text)):
        found = int(_D5[found][int(_PERMUTED[place % 8][int(digit)])])
    return found == 0


def damm(text: str) -> bool:
    """Whether the digits lead through the quasigroup to 0."""
    found = 0
    for digit in text:
        found = int(_QUASIGROUP[found][int(digit)])
    return found == 0


METHODS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "luhn": luhn,
        "mod_97_10": mod_97_10,
        "mod_11_2": mod_11_2,
        "mod_37_36": mod_37_36,
        "verhoeff": verhoeff,
        "damm": damm,
    }
)
# These take capital letters as they are; the others need a number for each letter.
TAKES_LETTERS = frozenset({"mod_97_10", "mod_37_36"})
