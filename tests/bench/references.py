"""How long one check of a reference takes."""

from __future__ import annotations

import sys
import time
from statistics import median

from ims.accounts.check_digits import CheckDigitConfig
from ims.accounts.reference import (
    AccountFacts,
    Asked,
    FundReference,
    Limits,
    RuleConfig,
    check,
    compile_rule,
)

_ROUNDS = 7


def reference_check_us_cost(size: int = 20_000) -> float:
    """Microseconds for one whole check with every step in words: limits, length, characters,
    pattern, mask, weighted sum and account. Half of the references pass, half fail."""
    rule = compile_rule(
        RuleConfig(
            min_length=10,
            max_length=10,
            characters="letters_digits",
            pattern=r"^BJ\d{7}[0-9A]$",
            mask="BJ#######@",
            check_digit=CheckDigitConfig(
                method="weighted",
                modulus=11,
                weights=(9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                source_substitution="05",
                result_substitutions="10:A",
            ),
        )
    )
    fund = FundReference(
        "PK", "Parking", rule=rule, steps=(*rule.form, *rule.finish), must_exist=True,
        limits=Limits(1, 100_000, "Parking"),
    )  # fmt: skip
    found = AccountFacts("BJ12345673")
    asked = Asked(2_500, Limits(1, 50_000, "Card"), "online")
    texts = ("bj 1234 5673", "BJ12345674")
    taken = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        for number in range(size):
            check(fund, texts[number % 2], asked, find_account=lambda _code, _reference: found)
        taken.append((time.perf_counter() - began) / size * 1_000_000)
    sys.stdout.write(f"# reference_check_us_cost: {min(taken):.1f} to {max(taken):.1f} us\n")
    return median(taken)
