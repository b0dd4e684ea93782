"""The rules engine: generated code does what walking the rules would, whatever the values are."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from ims.imports.errors import RuleUnusable
from ims.imports.rules import (
    AccountFrom,
    Action,
    Condition,
    Rule,
    compile_rules,
    in_words,
)

TEXT_FIELDS = ["payer", "reference", "narrative", "bank code", "any text"]
TEXT_OPERATORS = ["is", "contains", "starts with", "ends with", "matches"]
ACTION = Action("CT", AccountFrom.PATTERN)


def rule(number: int, *conditions: Condition) -> Rule:
    return Rule(number, f"Rule {number}", conditions, ACTION)


# --- a plain interpreter, to compare with ---------------------------------------------------------
def holds(condition: Condition, texts: dict[str, str], amount: int) -> bool:
    field, operator, value = condition
    if field == "direction":
        return amount > 0 if value == "credit" else amount < 0
    if field == "amount":
        size, limit = abs(amount), int(value)
        return {"is": size == limit, "at least": size >= limit, "at most": size <= limit}[operator]
    text = texts[field].upper()
    if operator == "matches":
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        return re2.compile(value, options).search(text) is not None
    wanted = value.upper()
    return {
        "is": text == wanted,
        "contains": wanted in text,
        "starts with": text.startswith(wanted),
        "ends with": text.endswith(wanted),
    }[operator]


def walk(rules: list[Rule], texts: dict[str, str], amount: int) -> Rule | None:
    every = {**texts, "any text": "\n".join(texts[f] for f in TEXT_FIELDS[:3])}
    for each in rules:
        if all(holds(condition, every, amount) for condition in each.conditions):
            return each
    return None


# Few letters, so that rules often hold; signs that mean something in code.
letters = st.text(alphabet="aAbß \"'\\{}\n;#éİ", max_size=6)
values = st.text(alphabet="aAbß \"'\\{}\n;#éİ", min_size=1, max_size=3)
patterns = st.sampled_from(["a", "^a", r"\bab", "a{2}", "[^a]", "(?:a|b)+$", "é"])
text_conditions = st.builds(
    Condition,
    st.sampled_from(TEXT_FIELDS),
    st.sampled_from(TEXT_OPERATORS[:4]),
    values,
)
pattern_conditions = st.builds(
    Condition, st.sampled_from(TEXT_FIELDS), st.just("matches"), patterns
)
amount_conditions = st.builds(
    Condition,
    st.just("amount"),
    st.sampled_from(["is", "at least", "at most"]),
    st.integers(0, 5).map(str),
)
directions = st.builds(
    Condition, st.just("direction"), st.just("is"), st.sampled_from(["credit", "debit"])
)
conditions = st.one_of(text_conditions, pattern_conditions, amount_conditions, directions)
rule_lists = st.lists(st.lists(conditions, max_size=3), max_size=5).map(
    lambda lists: [rule(number, *found) for number, found in enumerate(lists)]
)
lines = st.fixed_dictionaries(dict.fromkeys(TEXT_FIELDS[:4], letters))


@settings(max_examples=400, deadline=None)
@given(rule_lists, lines, st.integers(-6, 6).filter(bool))
def test_generated_code_decides_as_walking_the_rules_does(
    rules: list[Rule], texts: dict[str, str], amount: int
) -> None:
    found = compile_rules(rules).first(
        payer=texts["payer"],
        reference=texts["reference"],
        narrative=texts["narrative"],
        code=texts["bank code"],
        amount_pence=amount,
    )
    assert found == walk(rules, texts, amount)


HOSTILE = [
    "'", '"', '"""', "\\", "\n", "{", "}", "{0}", "{f}", "%s", "'); import os; os._exit(1) #",
    "__import__('os').system('false')", "\n    return 99", "v0", "pick", "\x00", "\u202e",
    "' or True or '",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("operator", TEXT_OPERATORS[:4])
@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_values_never_become_code(field: str, operator: str, value: str) -> None:
    made = compile_rules([rule(1, Condition(field, operator, value))])
    blank = {"payer": "", "reference": "", "narrative": "", "code": "", "amount_pence": 1}
    if (field, value) == ("any text", "\n"):
        return  # its texts are joined by that very sign
    assert made.first(**blank) is None  # type: ignore[arg-type]
    name = {"bank code": "code", "any text": "payer"}.get(field, field)
    held = made.first(**(blank | {name: value}))  # type: ignore[arg-type]
    assert (held is not None) == (field != "any text" or operator in {"contains", "starts with"})


def test_names_of_rules_and_funds_never_become_code() -> None:
    bad = "\n    import os\n    os._exit(1)\n"
    made = compile_rules([Rule(1, bad, (), Action(bad, AccountFrom.FIXED, bad))])
    found = made.first(payer="", reference="", narrative="", code="", amount_pence=1)
    assert found is not None
    assert found.action.fund_code == bad


def test_the_first_rule_that_holds_decides_and_no_condition_always_holds() -> None:
    one = rule(1, Condition("payer", "is", "dwp"), Condition("direction", "is", "credit"))
    made = compile_rules([one, rule(2), rule(3)])

    def number(payer: str, pence: int) -> int:
        found = made.first(payer=payer, reference="", narrative="", code="", amount_pence=pence)
        return found.id if found else 0

    assert [number("DWP", 1), number("DWP", -1), number("X", 1)] == [1, 2, 2]
    assert compile_rules([]).pick("", "", "", "", 1) == -1


@pytest.mark.parametrize(
    "condition",
    [
        Condition("payer", "is", ""),
        Condition("payer", "is not", "x"),
        Condition("size", "is", "1"),
        Condition("p == p or p", "is", "x"),
        Condition("payer", "{f} or True #", "x"),
        Condition("direction", "is", "sideways"),
        Condition("direction", "contains", "credit"),
        Condition("amount", "contains", "1"),
    ],
)
def test_what_is_not_a_condition_is_refused_by_name(condition: Condition) -> None:
    with pytest.raises(RuleUnusable) as refused:
        compile_rules([rule(7, condition)])
    assert refused.value.message == (f"Rule “Rule 7”: “{' '.join(condition)}” is not a condition.")


@pytest.mark.parametrize("value", ["", "1.5", "-1", "£1", "１", "1e3", "0x1", " 1"])  # noqa: RUF001
def test_amounts_of_rules_are_whole_pence(value: str) -> None:
    with pytest.raises(RuleUnusable) as refused:
        compile_rules([rule(7, Condition("amount", "is", value))])
    assert refused.value.message == f"Rule “Rule 7”: “{value}” is not an amount in pence."


@pytest.mark.parametrize("pattern", ["(", "[a", "a**", "(?=x)", r"\1"])
def test_patterns_that_cannot_be_read_are_refused_by_name(pattern: str) -> None:
    with pytest.raises(RuleUnusable) as refused:
        compile_rules([rule(7, Condition("payer", "matches", pattern))])
    assert refused.value.message.startswith(
        f"Rule “Rule 7”: the pattern “{pattern}” cannot be read: "
    )


def test_conditions_are_told_in_words() -> None:
    said = [
        Condition("payer", "contains", "DWP"),
        Condition("amount", "at least", "100000"),
        Condition("direction", "is", "credit"),
        Condition("any text", "matches", r"\b77"),
    ]
    assert in_words(said) == (
        r"payer contains “DWP” and amount is at least £1,000.00 and it is money in and any text "
        r"matches the pattern “\b77”"
    )
    assert in_words([Condition("direction", "is", "debit")]) == "it is money out"
    assert in_words([]) == "always"


ACCOUNTS = {"CT": r"77\d{7}", "TW": r"TW\d{5}|WASTE\d{3}"}


@pytest.mark.parametrize(
    ("narrative", "held"),
    [("PAID 770000001", True), ("paid tw00001 ok", False), ("1770000001", False), ("", False)],
)
def test_an_account_of_a_fund_is_recognised_by_the_funds_own_pattern(
    narrative: str, held: bool
) -> None:
    made = compile_rules([rule(1, Condition("any text", "has an account of", "CT"))], ACCOUNTS)
    found = made.first(payer="", reference="", narrative=narrative, code="", amount_pence=1)
    assert (found is not None) == held


def test_every_choice_of_a_funds_pattern_must_stand_alone() -> None:
    made = compile_rules([rule(1, Condition("narrative", "has an account of", "TW"))], ACCOUNTS)
    held = [
        made.first(payer="", reference="", narrative=text, code="", amount_pence=1) is not None
        for text in ("TW00001", "waste123", "XTW00001", "WASTE1234")
    ]
    assert held == [True, True, False, False]


@pytest.mark.parametrize("fund", ["XX", "OLD", ""])
def test_a_rule_about_accounts_of_a_fund_without_a_pattern_is_refused(fund: str) -> None:
    with pytest.raises(RuleUnusable, match="Rule “Rule 7”"):
        compile_rules([rule(7, Condition("any text", "has an account of", fund))], ACCOUNTS)


def test_an_account_of_a_fund_is_told_without_its_pattern() -> None:
    assert in_words([Condition("any text", "has an account of", "CT")]) == (
        "any text has an account number of fund CT"
    )
