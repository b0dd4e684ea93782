"""What must hold between the values of an import profile or rule, refused in words."""

from __future__ import annotations

from ims.funds.selectors import Book, book
from ims.imports.errors import RuleUnusable
from ims.imports.models import ImportRule
from ims.imports.rule_conflicts import refuse_hopeless
from ims.imports.rules import AccountFrom, Action, Condition, Rule, compile_rules
from ims.imports.selectors import active_rules
from ims_kernel.money import AmountUnreadable, parse_pounds, plain_pounds
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Plain, Rows, Values


class Conditions(Rows):
    """The conditions of a rule. An amount is kept in one way of writing pounds: `10.00`."""

    def clean(self, value: Plain) -> Plain:
        """As Rows, and refuses an amount that is none. Raises FieldRefused."""
        rows = super().clean(value)
        for number, row in enumerate(rows, start=1):
            if row["field"] == "amount":
                try:
                    row["value"] = plain_pounds(abs(parse_pounds(row["value"])))
                except AmountUnreadable as error:
                    raise self.refused(
                        f"{self.label}, row {number}: {error.message}", row=number, column="value"
                    ) from error
        return rows


def check_profile(after: Values, _before: Values | None) -> None:
    """Money cannot arrive by journal."""
    method = book().methods.get(after["method_code"])
    if method is not None and method.purpose == "journal":
        raise RecordRefused(
            f"{method.name} moves money inside the council. Choose how the money of this file "
            "arrives.",
            field="method_code",
        )


def check_rule(after: Values, _before: Values | None) -> None:
    """A rule can hold, is reached, finds an account, and compiles with all the others."""
    known = book()
    _check_account(after, known)
    rule = Rule(0, after["name"], conditions_of(after), _action_of(after))
    accounts = known.account_patterns()
    try:
        refuse_hopeless(rule, accounts)
    except RuleUnusable as error:
        raise RecordRefused(
            error.message, field="conditions", row=error.facts["row"] + 1
        ) from error
    _check_reached(after)
    others = [each for each in active_rules() if each.name != rule.name]
    try:
        compile_rules([*others, rule], accounts)
    except RuleUnusable as error:
        raise RecordRefused(error.message, field="conditions") from error


def _check_account(after: Values, known: Book) -> None:
    source, account = after["account_from"], after["account"]
    fund = known.funds.get(after["fund"])
    if source != AccountFrom.FIXED and account:
        raise RecordRefused(
            "An account is only for a rule that says the account itself. Leave it empty.",
            field="account",
        )
    if fund is None or fund.is_suspense:
        return
    if source == AccountFrom.PATTERN and not fund.pattern.text:
        raise RecordRefused(
            f"{fund.name} has no pattern to find its {fund.account_label.lower()} by. Give the "
            "fund a pattern, or choose another place for the account.",
            field="account_from",
        )
    if source == AccountFrom.FIXED and not (account and fund.accepts(account)):
        label = fund.account_label.lower()
        raise RecordRefused(
            f"“{account}” does not look like the {label} of {fund.name}."
            if account
            else f"Enter the {label} of {fund.name} that the money goes to.",
            field="account",
        )


def _check_reached(after: Values) -> None:
    place = (after["order"], after["code"])
    others = ImportRule.objects.filter(is_active=True).exclude(code=after["code"])
    for other in others.order_by("order", "code").only("order", "code", "name", "conditions"):
        later = (other.order, other.code) > place
        if later and not after["conditions"]:
            raise RecordRefused(
                f"A rule without conditions takes every line, so “{other.name}” after it would "
                "never be reached. Add a condition, or a place after all other rules.",
                field="conditions",
            )
        if not later and not other.conditions:
            raise RecordRefused(
                f"“{other.name}” stands before this rule and takes every line, so this rule would "
                "never be reached. Choose an earlier place.",
                field="order",
            )


def conditions_of(values: Values) -> tuple[Condition, ...]:
    """The conditions as the engine takes them: amounts in pence."""
    return tuple(
        Condition(
            row["field"],
            row["operator"],
            str(parse_pounds(row["value"])) if row["field"] == "amount" else row["value"],
        )
        for row in values["conditions"]
    )


def _action_of(values: Values) -> Action:
    return Action(values["fund"], AccountFrom(values["account_from"]), values["account"])


def load_rule(rule: ImportRule) -> Values:
    """A rule's conditions and action as plain values: amounts in pounds."""
    return {
        "conditions": [
            {
                "field": field,
                "operator": operator,
                "value": plain_pounds(int(value)) if field == "amount" else value,
            }
            for field, operator, value in rule.conditions
        ],
        "fund": rule.action["fund"],
        "account_from": rule.action["account_from"],
        "account": rule.action.get("account", ""),
    }


def store_rule(rule: ImportRule, values: Values) -> None:
    """Write a rule."""
    rule.code, rule.name, rule.order = values["code"], values["name"], values["order"]
    rule.conditions = [list(condition) for condition in conditions_of(values)]
    rule.action = {"fund": values["fund"], "account_from": values["account_from"]}
    if values["account"]:
        rule.action["account"] = values["account"]
    rule.save()
