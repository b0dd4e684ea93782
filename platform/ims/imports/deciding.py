"""What becomes of one bank line: posted to a fund and account, or parked with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from ims.accounts.reference_book import ReferenceBook
from ims.funds.errors import NoVatRate
from ims.funds.selectors import Book
from ims.imports.formats.base import ParsedRow
from ims.imports.rules import AccountFrom, CompiledRules, Rule
from ims.ledger.errors import PeriodClosed
from ims.ledger.periods import PeriodFinder
from ims.receipts.allocation import Park, placed


class Decision(NamedTuple):
    """Where a line goes. `park` is None when it posts to the fund and account."""

    fund_code: str
    account_reference: str
    rule_id: int | None
    park: Park | None


Decide = Callable[[ParsedRow], Decision]
Reject = Callable[[ParsedRow, Decision], str]
NO_RULE = Park("no_rule", "No rule recognises this line.")
NOTHING_FOUND = "account_not_found"


def decider(rules: CompiledRules, references: ReferenceBook) -> Decide:
    """A function that decides lines by these rules and this book, by the form of the account.

    Whether an account exists is for `settle`, which asks for many lines at once.
    """

    def decide(row: ParsedRow) -> Decision:
        rule = rules.first(
            payer=row.payer,
            reference=row.reference,
            narrative=row.narrative,
            code=row.bank_code,
            amount_pence=row.amount_pence,
        )
        return _by_rule(rule, row, references) if rule else Decision("", "", None, NO_RULE)

    return decide


def settle(decisions: Sequence[Decision], references: ReferenceBook) -> list[Decision]:
    """The decisions, with the accounts of funds whose accounts must exist looked up in one query.

    What has no open account is parked instead.
    """
    posted = [each for each in decisions if each.park is None]
    known = references.look_up((each.fund_code, each.account_reference) for each in posted)

    def settled(decision: Decision) -> Decision:
        if decision.park is not None:
            return decision
        refusal = references.refusal(decision.fund_code, decision.account_reference, known)
        return decision._replace(park=Park(*refusal)) if refusal else decision

    return [settled(each) for each in decisions]


def rejecter(book: Book, periods: PeriodFinder) -> Reject:
    """A function that says why the ledger could not take a decided line, or "".

    Asked while the file is read, because half way through posting it would be too late. Raises
    FundNotFound when the council has no suspense fund.
    """
    suspense = book.suspense_fund()
    known: dict[tuple[str, date], str] = {}

    def why(row: ParsedRow, decision: Decision) -> str:
        fund = suspense if decision.park else book.fund(decision.fund_code)
        key = (fund.vat_code, row.effective_on)
        if key not in known:
            known[key] = _why_not(book, periods, fund.vat_code, row.effective_on)
        return known[key]

    return why


def _why_not(book: Book, periods: PeriodFinder, vat_code: str, on: date) -> str:
    try:
        periods.period_id(on)
        book.vat.basis_points(vat_code, on)
    except (PeriodClosed, NoVatRate) as error:
        return error.message
    return ""


def _by_rule(rule: Rule, row: ParsedRow, references: ReferenceBook) -> Decision:
    action = rule.action
    fund = references.book.funds.get(action.fund_code)
    account: str | None = action.account
    if action.account_from is AccountFrom.REFERENCE:
        account = row.reference.replace(" ", "")
    elif action.account_from is AccountFrom.PATTERN and fund is not None:
        account = fund.pattern.find(row.reference, row.narrative, row.payer)
        if account is None:
            label = fund.account_label.lower()
            reason = (
                f"Rule “{rule.name}” says {fund.name}, but there is not exactly one {label} in "
                "the line."
            )
            return Decision(action.fund_code, "", rule.id, Park(NOTHING_FOUND, reason))
    account = references.normalise(action.fund_code, account or "")
    park = placed(references, action.fund_code, account, accounts=None)
    return Decision(action.fund_code, account, rule.id, park)
