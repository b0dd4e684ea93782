"""Adding up a ledger file, and comparing two ways of having added it up."""

from __future__ import annotations

import dataclasses
import re

from ims.exports.rows import Totals

_HASH_SIZE = 10**12
_NOT_A_DIGIT = re.compile("[^0-9]+")
_NAMES = {
    "record_count": "records",
    "contra_count": "contra records",
    "debit_pence": "pence of debits",
    "credit_pence": "pence of credits",
    "net_pence": "pence in all",
    "contra_pence": "pence of contras",
    "hash_total": "as hash total",
}


class CodeNumbers(dict[str, int]):
    """The number made by the digits of a ledger code, at most twelve of them; 0 for none."""

    def __missing__(self, code: str) -> int:
        digits = _NOT_A_DIGIT.sub("", code)[-12:]
        number = self[code] = int(digits) if digits else 0
        return number


def added(left: Totals, right: Totals) -> Totals:
    """The two added field by field; the hash total keeps its last twelve digits."""
    sums = {
        field.name: getattr(left, field.name) + getattr(right, field.name)
        for field in dataclasses.fields(Totals)
    }
    sums["hash_total"] %= _HASH_SIZE
    return Totals(**sums)


def differences(said: Totals, found: Totals) -> list[str]:
    """Each figure that differs, for people; empty when they agree."""
    return [
        f"{getattr(said, name):,} {words} expected, {getattr(found, name):,} found"
        for name, words in _NAMES.items()
        if getattr(said, name) != getattr(found, name)
    ]
