"""Import rules. Ours: the first that holds decides. Theirs: all run, and the last has its way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby

from ims.imports.errors import RuleUnusable
from ims.imports.record_checks import conditions_of
from ims.imports.rule_conflicts import refuse_hopeless
from ims.imports.rules import AccountFrom, Action, Rule
from ims_config.localgovims.cells import Row
from ims_config.localgovims.conditions import NotExpressible, Old, Test, alternatives, as_tests
from ims_config.localgovims.work import Candidate, Work, code_from
from ims_kernel.records.fields import Values

_TABLE = "ImportProcessingRule"
_TRANSACTIONS = 1  # ImportType.DataType
_FIRST_OF_GLOBAL = 20
_STEP = 10
_NAME_LENGTH, _CODE_LENGTH = 80, 40


@dataclass(slots=True)
class _Rules:
    """What hangs on a rule, by its number."""

    conditions: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    fields: dict[str, str] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Made:
    """Our rules so far; those without conditions come last."""

    work: Work
    found: list[Candidate] = field(default_factory=list)
    catch_all: list[Candidate] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def import_rules(work: Work) -> list[Candidate]:
    """The rules our engine can express, in the order that keeps the old outcome."""
    rows = work.dump.rows(_TABLE)
    for row in work.dump.rows("ImportType"):
        work.report.leave(
            "ImportType", row.words("Name"),
            "add an import profile in the console: it needs the format of the file and how the "
            "money arrives, which the old system kept in code.",
        )  # fmt: skip
    if not rows:
        return []
    parts, made = _read(work), _Made(work)
    _say_of_all(work, rows)
    for row in _in_order(rows):
        _carry(row, parts, made)
    for extra in made.catch_all[1:]:
        work.report.leave(_TABLE, extra.key, "another rule without conditions takes every line.")
    ordered = [*made.found, *made.catch_all[:1]]
    for number, each in enumerate(ordered, start=1):
        each.values["order"] = number * _STEP
    return ordered


def _read(work: Work) -> _Rules:
    parts = _Rules()
    for row in work.dump.rows(f"{_TABLE}Condition"):
        parts.conditions[row.text("RuleId")].append(row)
    for row in work.dump.rows(f"{_TABLE}Action"):
        parts.actions[row.text("RuleId")].append(row)
    for row in work.dump.rows("ImportTypeImportProcessingRule"):
        parts.types[row.text("ImportProcessingRuleId")].add(row.text("ImportTypeId"))
    parts.fields = {row.text("Id"): row.text("Name") for row in work.dump.rows(f"{_TABLE}Field")}
    parts.operators = {
        row.text("Id"): row.text("Name") for row in work.dump.rows(f"{_TABLE}Operator")
    }
    return parts


def _in_order(rows: list[Row]) -> list[Row]:
    """Last first: a later rule overwrote an earlier one. Global rules ran last, by name."""
    everywhere = sorted(
        (row for row in rows if row.flag("IsGlobal")), key=lambda row: row.text("Name").casefold()
    )
    linked = [row for row in rows if not row.flag("IsGlobal")]
    return [*reversed(everywhere), *reversed(linked)]


def _carry(row: Row, parts: _Rules, made: _Made) -> None:
    name, report = row.words("Name"), made.work.report
    try:
        action = _action(row, parts, made.work)
        is_active = _in_use(row, parts, made.work)
    except NotExpressible as error:
        report.leave(_TABLE, name, str(error))
        return
    conditions = sorted(
        parts.conditions[row.text("Id")],
        key=lambda each: (each.whole("Group") or 0, each.whole("Id") or 0),
    )
    if not conditions:
        _add(made, name, [], action, is_active=is_active)
    for number, group in groupby(conditions, key=lambda each: each.whole("Group") or 0):
        for one in alternatives([_old(each, parts) for each in group]):
            try:
                _add(made, name, as_tests(one), action, is_active=is_active)
            except (NotExpressible, RuleUnusable) as error:
                report.leave(_TABLE, name, f"group {number}: {error}")


def _old(row: Row, parts: _Rules) -> Old:
    return Old(
        parts.fields.get(row.text("FieldId"), f"field {row.text('FieldId')}"),
        parts.operators.get(row.text("OperatorId"), f"operator {row.text('OperatorId')}"),
        row.text("Value"),
        row.text("LogicalOperator"),
    )


def _action(row: Row, parts: _Rules, work: Work) -> Values:
    """The fund and account that a rule sets. Raises NotExpressible without a fund."""
    fund = account = ""
    for each in sorted(parts.actions[row.text("Id")], key=lambda act: act.whole("Id") or 0):
        target = parts.fields.get(each.text("FieldId"), f"field {each.text('FieldId')}")
        if target.casefold() == "fundcode":
            fund = each.code("Value")
        elif target.casefold() == "accountreference":
            account = each.words("Value")
        else:
            work.report.leave(
                _TABLE, row.words("Name"), f"it sets {target}, which a rule cannot do here."
            )
    if not fund:
        raise NotExpressible("it sets no fund, and that is what a rule is for here.")
    known = {each.code("FundCode") for each in work.dump.rows("Fund")}
    if fund not in known:
        raise NotExpressible(f"it sets fund {fund[:10]}, which is not in Fund.csv.")
    if account:
        return {"fund": fund, "account_from": "fixed", "account": account}
    return {"fund": fund, "account_from": "reference"}


def _in_use(row: Row, parts: _Rules, work: Work) -> bool:
    """Whether the rule goes on as it was. Raises NotExpressible when it never ran."""
    name, own = row.words("Name"), parts.types[row.text("Id")]
    every = {
        each.text("Id")
        for each in work.dump.rows("ImportType")
        if each.whole("DataType") == _TRANSACTIONS
    }
    if row.flag("Disabled"):
        work.report.change(
            _TABLE, name, "it is retired, because it was disabled. The old system went on using "
            "disabled rules: restore it if you rely on it.",
        )  # fmt: skip
        return False
    if row.flag("IsGlobal"):
        return True
    if not own:
        raise NotExpressible("it is linked to no import type, so it never ran.")
    if every - own:
        work.report.change(
            _TABLE, name, "it is retired, because it was for some import types only and a rule "
            "here is for every file. Restore it if it may be.",
        )  # fmt: skip
        return False
    return True


def _add(made: _Made, name: str, tests: list[Test], action: Values, *, is_active: bool) -> None:
    """Add one rule. Raises RuleUnusable when it could never hold."""
    if not tests and not is_active:
        made.work.report.leave(_TABLE, name, "it is disabled and takes every line.")
        return
    title, number = name[:_NAME_LENGTH], 1
    while title in made.names:
        number += 1
        title = f"{name} ({number})"
    values: Values = {
        "name": title,
        "conditions": [{"field": f, "operator": o, "value": v} for f, o, v in tests],
        **action,
    }
    account = action.get("account", "")
    does = Action(action["fund"], AccountFrom(action["account_from"]), account)
    refuse_hopeless(Rule(0, title, conditions_of(values), does), {})
    code = code_from(name, made.codes, longest=_CODE_LENGTH, fallback="RULE", between="-").lower()
    made.names.add(title)
    rule = Candidate("import-rules", {"code": code, **values}, _TABLE, name, is_active)
    (made.found if tests else made.catch_all).append(rule)


def _say_of_all(work: Work, rows: list[Row]) -> None:
    say = work.report.change
    say(
        _TABLE, "", "the old rules all ran, and a later one overwrote an earlier one; here the "
        "first that holds decides. So they are in the opposite order. A rule that was meant to see "
        "what another had changed does not.",
    )  # fmt: skip
    say(_TABLE, "", "capitals make no difference in conditions any more.")
    everywhere = sorted(
        (row.words("Name") for row in rows if row.flag("IsGlobal")), key=str.casefold
    )
    for name in everywhere[_FIRST_OF_GLOBAL:]:
        say(_TABLE, name, "the old system only ran the first 20 global rules, so never this one.")
