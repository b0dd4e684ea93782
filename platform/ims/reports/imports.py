"""An import as a person checks it: what becomes of the money, and which rule says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ims.funds.selectors import list_funds
from ims.imports import selectors, states
from ims.imports.rules import Rule, in_words

if TYPE_CHECKING:
    from ims.imports.models import ImportFile


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one outcome, and their pence with sign."""

    outcome: str
    line_count: int
    pence: int


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that one rule treats alike. No rule has the id None and no words."""

    rule_id: int | None
    rule_name: str
    words: str
    fund: str
    part: Part


@dataclass(frozen=True, slots=True)
class Preview:
    """What a read file does or did. `parts` are post, park, reject, and add up to the file."""

    file: ImportFile
    parts: tuple[Part, Part, Part]
    groups: list[Group]
    rules: dict[int, Rule]
    fund_names: dict[str, str]
    is_out_of_date: bool


def preview(import_id: int) -> Preview:
    """What a file does, in at most six queries however long it is. Raises ImportNotFound.

    A file without rows has empty groups. `is_out_of_date` when rules or funds have changed since
    a file that waits to be posted was read.
    """
    found = selectors.get_import(import_id)
    totals = selectors.rule_totals(import_id)
    rules = selectors.rules_by_id()
    names = {fund.code: fund.name for fund in list_funds()}
    groups = [
        _group(
            rules.get(rule_id or 0), names.get(fund_code, fund_code), Part(outcome, count, pence)
        )
        for rule_id, outcome, fund_code, count, pence in totals
    ]
    return Preview(
        file=found,
        parts=(
            _sum(groups, states.POST),
            _sum(groups, states.PARK),
            _sum(groups, states.REJECT),
        ),
        groups=[group for group in groups if group.part.outcome != states.REJECT],
        rules=rules,
        fund_names=names,
        is_out_of_date=found.state == states.READY and found.rules_key != selectors.rules_key(),
    )


def _group(rule: Rule | None, fund: str, part: Part) -> Group:
    if rule is None:
        return Group(None, "No rule", "", "", part)
    return Group(rule.id, rule.name, in_words(rule.conditions), fund, part)


def _sum(groups: list[Group], outcome: str) -> Part:
    alike = [group.part for group in groups if group.part.outcome == outcome]
    return Part(outcome, sum(part.line_count for part in alike), sum(part.pence for part in alike))
