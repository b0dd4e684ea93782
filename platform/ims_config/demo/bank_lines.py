"""This morning's bank lines: payers as they really write, clear and unclear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import NamedTuple

from ims_config.demo import payers
from ims_config.demo.bank_files import BankLine
from ims_config.demo.councils import Account, DemoCouncil, Income, accounts_of

_VAGUE = ("PAYMENT", "THANK YOU", "INV PAID", "TRANSFER", "NO 14", "AS AGREED", "BALANCE", "")
_ACQUIRER = "CARDSTREAM SETTLEMENTS"
_CHARGE_PENCE = -18_642
_LOWEST_TAKING, _HIGHEST_TAKING = 90_000, 640_000


class _Style(NamedTuple):
    """A way of writing a bank line, and how many lines in 1,000 are written so."""

    per_1000: int
    write: Callable[[date], BankLine]


def bank_lines(council: DemoCouncil, *, on: date, count: int) -> list[BankLine]:
    """Bank lines booked on a day, the bank's own charge last. The same every time."""
    return _Writer(council, on).lines(on, count)


class _Writer:
    """Writes lines in the ways payers do."""

    def __init__(self, council: DemoCouncil, on: date) -> None:
        self._rng = Random(f"{council.host}:bank:{on}")  # noqa: S311 - invented payers, no secret
        self._morning = council.morning
        self._accounts = accounts_of(council)
        self._income = [income for income in council.income if income.by.get("bank")]
        self._by_fund = {income.fund: income for income in council.income}
        self._styles = (
            _Style(660, self._reference),
            _Style(180, self._in_the_text),
            _Style(52, self._spaced),
            _Style(26, self._dwp),
            _Style(5, self._unpaid_cheque),
            _Style(34, self._name_only),
            _Style(14, self._two_references),
            _Style(10, self._no_number),
            _Style(6, self._digit_missing),
            _Style(5, self._fund_not_in_use),
            _Style(5, self._card_takings),
            _Style(3, self._unknown_debit),
        )

    def lines(self, on: date, count: int) -> list[BankLine]:
        writers = [style.write for style in self._styles]
        weights = [style.per_1000 for style in self._styles]
        chosen = self._rng.choices(writers, weights, k=count - 1)
        charge = BankLine(on, _CHARGE_PENCE, narrative=self._morning.charge)
        return [*(write(on) for write in chosen), charge]

    def _any(self) -> tuple[Income, Account, int]:
        (income,) = self._rng.choices(self._income, [i.by["bank"] for i in self._income])
        return self._of(income)

    def _of(self, income: Income) -> tuple[Income, Account, int]:
        account = self._rng.choice(self._accounts[income.fund])
        pence = account.usual_pence if income.repeats else income.draw(self._rng)
        return income, account, pence

    def _reference(self, on: date) -> BankLine:
        _, account, pence = self._any()
        return BankLine(on, pence, account.payer, account.reference)

    def _in_the_text(self, on: date) -> BankLine:
        _, account, pence = self._any()
        said = self._rng.choice(("{} THANKS", "REF {}", "ACCOUNT {}", "{}", "BILL {} PAID"))
        return BankLine(on, pence, account.payer, narrative=said.format(account.reference))

    def _spaced(self, on: date) -> BankLine:
        _, account, pence = self._of(self._by_fund[self._morning.typed_fund])
        parts, at = [], 0
        for width in self._morning.groups:
            parts.append(account.reference[at : at + width])
            at += width
        return BankLine(on, pence, account.payer, " ".join(parts))

    def _dwp(self, on: date) -> BankLine:
        payer, fund = self._rng.choice(self._morning.dwp)
        _, account, pence = self._of(self._by_fund[fund])
        return BankLine(on, pence, payer, narrative=f"{account.reference} {account.payer}")

    def _unpaid_cheque(self, on: date) -> BankLine:
        fund = self._rng.choice(self._morning.cheque_funds)
        _, account, pence = self._of(self._by_fund[fund])
        number = self._rng.randint(100_100, 100_999)
        said = f"UNPAID CHEQUE {number} {account.reference} REFER TO DRAWER"
        return BankLine(on, -pence, account.payer, narrative=said)

    def _name_only(self, on: date) -> BankLine:
        _, account, pence = self._any()
        return BankLine(on, pence, account.payer, narrative=self._rng.choice(_VAGUE))

    def _two_references(self, on: date) -> BankLine:
        income, account, pence = self._of(self._by_fund[self._morning.typed_fund])
        _, other, more = self._of(income)
        if other.reference == account.reference:
            return BankLine(on, pence, account.payer, account.reference)
        said = f"{account.reference} AND {other.reference}"
        return BankLine(on, pence + more, account.payer, narrative=said)

    def _no_number(self, on: date) -> BankLine:
        _, account, pence = self._of(self._by_fund[self._morning.typed_fund])
        return BankLine(on, pence, account.payer, narrative=self._morning.tax_words)

    def _digit_missing(self, on: date) -> BankLine:
        _, account, pence = self._any()
        reference, said = self._morning.short_reference
        return BankLine(on, pence, account.payer, reference, said)

    def _fund_not_in_use(self, on: date) -> BankLine:
        reference = self._morning.closed_account.format(self._rng.randint(10_000, 99_999))
        return BankLine(on, self._rng.randint(4_000, 16_000), payers.person(self._rng), reference)

    def _card_takings(self, on: date) -> BankLine:
        pence = self._rng.randint(_LOWEST_TAKING, _HIGHEST_TAKING)
        return BankLine(on, pence, _ACQUIRER, narrative=f"TERMINAL {self._rng.randint(1, 9)}")

    def _unknown_debit(self, on: date) -> BankLine:
        _, account, pence = self._any()
        return BankLine(on, -pence, account.payer, narrative="RECALLED BY PAYING BANK")
