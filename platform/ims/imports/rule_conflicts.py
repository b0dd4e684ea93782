"""Rules that can be read but could never hold, told apart when a council writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from ims.funds.errors import PatternUnusable
from ims.funds.hopeless_patterns import refuse_hopeless_search
from ims.imports.errors import RuleUnusable
from ims.imports.rules import (
    AccountFrom,
    Action,
    Condition,
    Rule,
    compile_rules,
    in_words,
)
from ims_kernel.money import format_pounds

# Characters a bank line keeps of each text (ImportRow); “any text” is three of them and line ends.
_LONGEST: Mapping[str, int] = MappingProxyType(
    {"payer": 140, "reference": 140, "narrative": 500, "bank code": 16, "any text": 782}
)
_PLAIN = frozenset({"is", "contains", "starts with", "ends with"})
_NOWHERE = Action("", AccountFrom.FIXED)
_Problem = tuple[int, str]


def refuse_hopeless(rule: Rule, accounts: Mapping[str, str]) -> None:
    """Raise RuleUnusable, in words, when a rule is unusable or its conditions never hold together.

    `accounts` are the funds' account patterns by code. The fact `row` is the place of the
    condition, from 0. What is proved is refused; a rule may still be one that no bank ever meets.
    """
    for row, condition in enumerate(rule.conditions):
        try:
            compile_rules([Rule(rule.id, rule.name, (condition,), rule.action)], accounts)
        except RuleUnusable as error:
            raise RuleUnusable(error.message, rule=rule.id, row=row) from None
    for find in (_alone, _directions, _amounts, _beginnings, _endings, _exactly):
        for row, words in find(rule.conditions, accounts):
            raise RuleUnusable(f"Rule “{rule.name}” can never hold: {words}", rule=rule.id, row=row)


def _alone(conditions: Sequence[Condition], _: Mapping[str, str]) -> Iterator[_Problem]:
    for row, (field, operator, value) in enumerate(conditions):
        longest = _LONGEST.get(field, 0)
        if operator in _PLAIN and longest and len(value) > longest:
            yield row, f"{field} has at most {longest} characters, and this value {len(value)}."
        if field == "any text" and operator == "is":
            yield row, "“any text” is payer, reference and narrative together. Use “contains”."
        if operator == "matches":
            try:
                refuse_hopeless_search(value)
            except PatternUnusable as error:
                yield row, error.message


def _directions(conditions: Sequence[Condition], _: Mapping[str, str]) -> Iterator[_Problem]:
    rows = [row for row, each in enumerate(conditions) if each.field == "direction"]
    if len({conditions[row].value for row in rows}) > 1:
        yield rows[-1], "money cannot be both in and out."


def _amounts(conditions: Sequence[Condition], _: Mapping[str, str]) -> Iterator[_Problem]:
    least, most = 0, None
    for row, (field, operator, value) in enumerate(conditions):
        if field != "amount":
            continue
        pence = int(value)
        if operator in {"is", "at least"}:
            least = max(least, pence)
        if operator in {"is", "at most"}:
            most = pence if most is None else min(most, pence)
        if most is not None and (least > most or most == 0):
            least_words, most_words = format_pounds(max(least, 1)), format_pounds(most)
            yield row, f"no amount is at least {least_words} and at most {most_words}."


def _beginnings(conditions: Sequence[Condition], _: Mapping[str, str]) -> Iterator[_Problem]:
    yield from _both(conditions, "starts with", str.startswith)


def _endings(conditions: Sequence[Condition], _: Mapping[str, str]) -> Iterator[_Problem]:
    yield from _both(conditions, "ends with", str.endswith)


def _both(
    conditions: Sequence[Condition], operator: str, fits: Callable[[str, str], bool]
) -> Iterator[_Problem]:
    longest: dict[str, str] = {}
    for row, each in enumerate(conditions):
        if each.operator != operator:
            continue
        value = each.value.upper()
        other = longest.get(each.field, "")
        if not fits(value, other) and not fits(other, value):
            yield row, f"{each.field} cannot {_base(operator)} both “{other}” and “{value}”."
        longest[each.field] = max(value, other, key=len)


def _base(operator: str) -> str:
    return {"starts with": "start with", "ends with": "end with"}[operator]


def _exactly(conditions: Sequence[Condition], accounts: Mapping[str, str]) -> Iterator[_Problem]:
    """A text that “is” something must meet every other condition on the same text."""
    for exact in conditions:
        if exact.operator != "is" or exact.field not in _LONGEST:
            continue
        for row, other in enumerate(conditions):
            if other.field == exact.field and not _holds(other, exact.value, accounts):
                yield row, f"{in_words([exact])} and {in_words([other])} exclude each other."


def _holds(condition: Condition, text: str, accounts: Mapping[str, str]) -> bool:
    """Whether a condition holds for a text, asked of the engine itself."""
    alone = Rule(0, "", (condition._replace(field="payer"),), _NOWHERE)
    rules = compile_rules([alone], accounts)
    found = rules.first(payer=text, reference="", narrative="", code="", amount_pence=1)
    return found is not None
