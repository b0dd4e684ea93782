"""Rules that could never hold are refused when they are written, and only those."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import ims_config.starters
from ims.imports.errors import RuleUnusable
from ims.imports.rule_conflicts import refuse_hopeless
from ims.imports.rules import AccountFrom, Action, Condition, Rule

ACCOUNTS = {"CT": r"77\d{7}"}
REFERENCES = (
    "reference is “770012” and reference has an account number of fund CT exclude each other."
)
HOPELESS = (
    "The pattern “a^b” can never match: “^” means the start of the text, and something comes "
    "before it."
)


def rule(*conditions: tuple[str, str, str]) -> Rule:
    made = tuple(Condition(*condition) for condition in conditions)
    return Rule(1, "Mine", made, Action("CT", AccountFrom.PATTERN))


@pytest.mark.parametrize(
    ("conditions", "row", "words"),
    [
        (
            [("direction", "is", "credit"), ("direction", "is", "debit")],
            1,
            "money cannot be both in and out.",
        ),
        (
            [("amount", "at least", "10000"), ("amount", "at most", "5000")],
            1,
            "no amount is at least £100.00 and at most £50.00.",
        ),
        ([("amount", "at most", "0")], 0, "no amount is at least £0.01 and at most £0.00."),
        (
            [("amount", "is", "100"), ("payer", "is", "A"), ("amount", "is", "200")],
            2,
            "no amount is at least £2.00 and at most £1.00.",
        ),
        (
            [("payer", "starts with", "dwp"), ("payer", "starts with", "HMRC")],
            1,
            "payer cannot start with both “DWP” and “HMRC”.",
        ),
        (
            [("reference", "ends with", "A"), ("reference", "ends with", "B")],
            1,
            "reference cannot end with both “A” and “B”.",
        ),
        (
            [("payer", "contains", "DWP"), ("payer", "is", "HMRC")],
            0,
            "payer is “HMRC” and payer contains “DWP” exclude each other.",
        ),
        (
            [("payer", "is", "HMRC"), ("payer", "is", "DWP")],
            1,
            "payer is “HMRC” and payer is “DWP” exclude each other.",
        ),
        (
            [("reference", "is", "770012"), ("reference", "has an account of", "CT")],
            1,
            REFERENCES,
        ),
        (
            [("any text", "is", "RENT")],
            0,
            "“any text” is payer, reference and narrative together. Use “contains”.",
        ),
        (
            [("bank code", "contains", "x" * 17)],
            0,
            "bank code has at most 16 characters, and this value 17.",
        ),
        (
            [("direction", "is", "credit"), ("reference", "matches", "a^b")],
            1,
            HOPELESS,
        ),
    ],
)
def test_conditions_that_exclude_each_other_are_refused(
    conditions: list[tuple[str, str, str]], row: int, words: str
) -> None:
    with pytest.raises(RuleUnusable) as refused:
        refuse_hopeless(rule(*conditions), ACCOUNTS)
    assert refused.value.message == f"Rule “Mine” can never hold: {words}"
    assert refused.value.facts["row"] == row


@pytest.mark.parametrize(
    "condition",
    [
        ("payer", "matches", "7("),
        ("payer", "has an account of", "XX"),
        ("amount", "at least", "ten"),
        ("weather", "is", "fine"),
        ("payer", "contains", ""),
        ("direction", "is", "sideways"),
    ],
)
def test_a_condition_that_is_none_is_refused_at_its_row(condition: tuple[str, str, str]) -> None:
    with pytest.raises(RuleUnusable, match="Rule “Mine”: ") as refused:
        refuse_hopeless(rule(("direction", "is", "credit"), condition), ACCOUNTS)
    assert refused.value.facts["row"] == 1


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [("payer", "starts with", "DW"), ("payer", "starts with", "dwp"), ("payer", "is", "DWP")],
        [("payer", "ends with", "X"), ("reference", "ends with", "Y")],
        [("amount", "at least", "5"), ("amount", "at most", "5"), ("amount", "is", "5")],
        [("reference", "is", "770012345"), ("reference", "has an account of", "CT")],
        [("direction", "is", "credit"), ("direction", "is", "credit")],
    ],
)
def test_conditions_that_can_hold_are_kept(conditions: list[tuple[str, str, str]]) -> None:
    refuse_hopeless(rule(*conditions), ACCOUNTS)


@pytest.mark.parametrize(
    "pack", sorted(Path(ims_config.starters.__path__[0]).glob("*.toml")), ids=str
)
def test_the_rules_of_every_starter_pack_can_hold(pack: Path) -> None:
    starter = tomllib.loads(pack.read_text())
    accounts = {f["code"]: f.get("account_pattern", "") for f in starter["funds"]}
    for row in starter["import-rules"]:
        conditions = tuple(Condition(**each) for each in row.get("conditions", []))
        action = Action(row["fund"], AccountFrom(row["account_from"]))
        refuse_hopeless(Rule(1, row["name"], conditions, action), accounts)
