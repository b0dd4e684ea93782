"""The reference rules of a council's funds, read and compiled once for one piece of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from ims.accounts.account_list import Account, find_facts
from ims.accounts.check_digits import CheckDigitConfig
from ims.accounts.errors import ReferenceRuleNotFound
from ims.accounts.models import CheckDigit, ReferenceRule
from ims.accounts.reference import (
    AccountFacts,
    Asked,
    CompiledRule,
    FundReference,
    Limits,
    RuleConfig,
    StepVerdict,
    Verdict,
    check,
    compile_rule,
)
from ims.accounts.reference_steps import MAX_REFERENCE, Step
from ims.funds.choices import AccountRule, Channel
from ims.funds.selectors import Book, FundFacts, book

Accounts = Mapping[Account, AccountFacts]
FUND_PATTERN = "fund_pattern"
# (value, words) of every channel a check can be about.
CHANNELS = tuple((str(value), str(label)) for value, label in Channel.choices)


class Refusal(NamedTuple):
    """Why an account cannot take money: a stable code (of suspense items), and words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class ReferenceBook:
    """The council's book, and how each fund's references are checked. Never kept."""

    book: Book
    funds: Mapping[str, FundReference]

    @property
    def asks_accounts(self) -> bool:
        """Whether any fund's account list is asked."""
        return any(fund.must_exist for fund in self.funds.values())

    def normalise(self, fund_code: str, text: str) -> str:
        """The reference as its fund keeps it; as it came when nothing says how."""
        fund = self.funds.get(fund_code)
        return fund.normalise(text) if fund and (fund.rule or fund.must_exist) else text

    def look_up(self, wanted: Iterable[Account]) -> Accounts:
        """The accounts there are of those in funds whose accounts must exist: one query a fund.

        References as they are kept.
        """
        asked = {each for each in wanted if (fund := self.funds.get(each[0])) and fund.must_exist}
        return find_facts(asked) if asked else {}

    def refusal(self, fund_code: str, reference: str, accounts: Accounts | None) -> Refusal | None:
        """Why money cannot go to a reference (as it is kept) of a fund there is, or None.

        For money that has come: amount limits, and stops on taking a payment, do not count.
        `accounts` are what `look_up` found; None asks by form alone.
        """
        fund = self.funds[fund_code]
        for step in fund.steps:
            if words := step.fails(reference):
                return _no_such_form(fund, reference, "" if step.step == FUND_PATTERN else words)
        if accounts is None or not fund.must_exist:
            return None
        found = accounts.get((fund_code, reference))
        if found is None:
            return Refusal("account_unknown", f"{fund.fund_name} has no account {reference}.")
        if found.is_closed:
            words = f"Account {reference} of {fund.fund_name} is closed."
            return Refusal("account_closed", words)
        return None

    def check(
        self,
        fund_code: str,
        text: str,
        *,
        asked: Asked,
        accounts: Accounts | None = None,
    ) -> Verdict:
        """Every step's verdict on a reference. `accounts` are those already looked up."""
        fund = self.funds.get(fund_code)
        if fund is None:
            words = f"There is no fund {fund_code[:5]}."
            step = StepVerdict("fund", ok=False, words=words)
            return Verdict(ok=False, reference=text.strip(), steps=(step,))

        def find(code: str, reference: str) -> AccountFacts | None:
            known = self.look_up([(code, reference)]) if accounts is None else accounts
            return known.get((code, reference))

        return check(fund, text, asked, find_account=find)

    def asked(
        self, *, channel: str, amount_pence: int | None = None, method_code: str | None = None
    ) -> Asked:
        """What a check is about, with the limits of the method. Raises MethodNotFound."""
        method = self.book.method(method_code) if method_code else None
        limits = Limits(method.min_pence, method.max_pence, method.name) if method else None
        return Asked(amount_pence, limits, channel)


def reference_book(known: Book | None = None) -> ReferenceBook:
    """The rules of the council's funds now: one query, and none when no fund has a rule."""
    funds = known or book()
    codes = {fund.reference_rule_code for fund in funds.funds.values()} - {""}
    found = (
        ReferenceRule.objects.filter(code__in=codes).select_related("check_digit") if codes else ()
    )
    rules = {rule.code: compile_rule(rule_config(rule)) for rule in found}
    return ReferenceBook(
        funds, {code: _fund_reference(fund, rules) for code, fund in funds.funds.items()}
    )


def check_reference(
    fund_code: str,
    text: str,
    *,
    channel: str,
    amount_pence: int | None = None,
    method_code: str | None = None,
) -> Verdict:
    """Every step's verdict on one reference, for pages and the API. Amount in pence.

    Raises MethodNotFound. An unknown fund is a verdict, not an error. For payers, say only whether
    it is right: whether an account exists is nobody else's business.
    """
    known = reference_book()
    asked = known.asked(channel=channel, amount_pence=amount_pence, method_code=method_code)
    return known.check(fund_code, text, asked=asked)


def rules_to_try(also: str = "") -> list[ReferenceRule]:
    """The reference rules in use, and the one named even when it is retired, by code."""
    rules = ReferenceRule.objects.filter(Q(is_active=True) | Q(code=also))
    return list(rules.order_by("code"))


def get_rule(code: str) -> ReferenceRule:
    """The rule, in use or retired, with its check digit. Raises ReferenceRuleNotFound."""
    rule = ReferenceRule.objects.select_related("check_digit").filter(code=code).first()
    if rule is None:
        raise ReferenceRuleNotFound(f"There is no reference rule {code[:20]}.")
    return rule


def rules_key() -> list[str]:
    """What decides whether rules take a reference, one line a rule; differs when it changes."""
    rules = ReferenceRule.objects.select_related("check_digit").order_by("code")
    return [repr(rule_config(rule)) for rule in rules]


def rule_config(rule: ReferenceRule) -> RuleConfig:
    """A stored rule as the engine needs it."""
    return RuleConfig(
        code=rule.code,
        name=rule.name,
        min_length=rule.min_length,
        max_length=rule.max_length,
        characters=rule.characters,
        pattern=rule.pattern,
        mask=rule.mask,
        check_digit=digit_config(rule.check_digit) if rule.check_digit else None,
        strip_spaces=rule.strip_spaces,
        upper_case=rule.upper_case,
        example=rule.example_reference,
    )


def digit_config(digit: CheckDigit) -> CheckDigitConfig:
    """A stored check digit as the engine needs it."""
    return CheckDigitConfig(
        method=digit.method,
        modulus=digit.modulus,
        weights=tuple(digit.weights),
        source_substitution=digit.source_substitution,
        result_substitutions=digit.result_substitutions,
        subtract=digit.subtract,
        alphabet=digit.alphabet,
    )


def _no_such_form(fund: FundReference, reference: str, more: str) -> Refusal:
    words = f"“{reference[:MAX_REFERENCE]}” does not look like the {fund.label} of "
    return Refusal("account_not_valid", f"{words}{fund.fund_name}. {more}".strip())


def _fund_reference(fund: FundFacts, rules: Mapping[str, CompiledRule]) -> FundReference:
    rule = rules.get(fund.reference_rule_code)
    return FundReference(
        fund_code=fund.code,
        fund_name=fund.name,
        label=fund.account_label.lower(),
        rule=rule,
        steps=_steps(fund, rule),
        must_exist=fund.account_rule == AccountRule.EXISTS,
        limits=Limits(fund.min_pence, fund.max_pence, fund.name),
    )


def _steps(fund: FundFacts, rule: CompiledRule | None) -> tuple[Step, ...]:
    if fund.account_rule == AccountRule.NONE:
        return ()
    steps: list[Step] = []
    if fund.reference_rule_code and rule is None:
        words = f"{fund.name} names the rule {fund.reference_rule_code}, and there is none."
        # Nothing passes, so that the mistake is seen and no money goes astray.
        steps.append(Step("fund", "", lambda _reference: words))
    if rule is not None:
        steps += rule.form
    if fund.pattern.text:
        steps.append(_pattern_of(fund))
    if rule is not None and fund.account_rule != AccountRule.EXISTS:
        steps += rule.finish
    return tuple(steps)


def _pattern_of(fund: FundFacts) -> Step:
    words = f"It does not look like the {fund.account_label.lower()} of {fund.name}."
    accepts = fund.pattern.accepts
    return Step(
        FUND_PATTERN,
        f"It looks like the {fund.account_label.lower()} of {fund.name}.",
        lambda reference: "" if accepts(reference) else words,
    )
