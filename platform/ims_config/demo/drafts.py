"""Receipts of the year, one by one: who pays what, how, and what the paper says."""

from __future__ import annotations

from datetime import date
from random import Random

from ims.imports.deciding import NO_RULE, NOTHING_FOUND
from ims.receipts.allocation import Park
from ims.receipts.services import ReceiptDraft
from ims.suspense.services import Target
from ims_config.demo.councils import Account, DemoCouncil, Income, accounts_of

_HALF_MONTH = 15
_SAYS = {
    "direct_debit": ("Direct Debit",),
    "collected": ("allpay Post Office", "allpay PayPoint", "allpay internet"),
    "card": ("Paid online", "Paid online", "Paid online", "Paid by phone"),
    "cash": ("Counter 1", "Counter 2"),
    "cheque": ("Cheque by post", "Cheque at the counter"),
    "bank": ("", "", "STANDING ORDER", "FASTER PAYMENT"),
}
_UNCLEAR = ("PAYMENT", "TRANSFER", "THANK YOU", "INV PAID", "FLAT 2", "OCTOBER", "MONTHLY")
_NO_NUMBER = Park(NOTHING_FOUND, "The line names Council Tax, but has no account number.")
_SPLIT, _PART = 15, 20  # percent: up to the first goes to two accounts, up to the second in part


class DraftMaker:
    """Makes receipts of one council, keeping the place of each Direct Debit run."""

    def __init__(self, council: DemoCouncil, rng: Random) -> None:
        self._council = council
        self._rng = rng
        self._accounts = accounts_of(council)
        self._choices = {
            purpose: [income for income in council.income if income.by.get(purpose)]
            for purpose in council.methods
        }
        self._weights = {
            purpose: [income.by[purpose] for income in incomes]
            for purpose, incomes in self._choices.items()
        }
        self._collected: dict[tuple[str, date], int] = {}

    def known(self, purpose: str, on: date, number: int) -> ReceiptDraft:
        """A receipt whose payer gave a right reference. `number` counts within the purpose."""
        income, account = self._payer(purpose, on)
        return self._draft(purpose, on, number, account, self._amount(income, account))._replace(
            fund_code=income.fund,
            account_reference=account.reference,
            reference=account.reference,
            narrative=self._rng.choice(_SAYS[purpose]),
        )

    def unclear(self, on: date, number: int) -> tuple[ReceiptDraft, list[Target]]:
        """A bank credit nobody can place yet, and where it will turn out to belong."""
        income, account = self._payer("bank", on)
        amount = self._amount(income, account)
        no_number = income is self._council.income[0]
        draft = self._draft("bank", on, number, account, amount)._replace(
            narrative="COUNCIL TAX" if no_number else self._rng.choice(_UNCLEAR),
            park=_NO_NUMBER if no_number else NO_RULE,
        )
        return draft, self._targets(income, account, amount)

    def _payer(self, purpose: str, on: date) -> tuple[Income, Account]:
        (income,) = self._rng.choices(self._choices[purpose], self._weights[purpose])
        accounts = self._accounts[income.fund]
        if purpose != "direct_debit":
            return income, self._rng.choice(accounts)
        # The same accounts are collected from every month, each once, on its own day.
        place = self._collected.get((income.fund, on), 0)
        self._collected[(income.fund, on)] = place + 1
        start = len(accounts) // 2 if on.day >= _HALF_MONTH else 0
        return income, accounts[(start + place) % len(accounts)]

    def _amount(self, income: Income, account: Account) -> int:
        return account.usual_pence if income.repeats else income.draw(self._rng)

    def _draft(
        self, purpose: str, on: date, number: int, account: Account, amount: int
    ) -> ReceiptDraft:
        method = self._council.methods[purpose]
        return ReceiptDraft(
            method, "", "", amount, on, on, account.payer, bank_reference=f"{method}{number:07d}"
        )

    def _targets(self, income: Income, account: Account, amount: int) -> list[Target]:
        chance = self._rng.randrange(100)
        half = amount // 2
        if chance < _SPLIT:
            other = self._rng.choice(self._accounts[income.fund])
            return [
                Target(income.fund, account.reference, amount - half),
                Target(income.fund, other.reference, half),
            ]
        given = half if chance < _PART else amount
        return [Target(income.fund, account.reference, given)]
