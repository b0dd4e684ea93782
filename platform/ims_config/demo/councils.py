"""What the two demo councils are: data the year and the bank files are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from ims_config.demo import payers
from ims_config.demo.bank_files import BankLine, Written

# Plainly a demo's: it stands in the documentation and opens nothing but invented figures.
PASSWORD = "demo-money-2026-safe"  # noqa: S105

Writer = Callable[[Path, list[BankLine], date], Written]


@dataclass(frozen=True, slots=True)
class Income:
    """One fund's income. Amounts in pence.

    `account` is a format for a whole number: account i is number `first + i * step`. Amounts are
    one of `prices`, or lie in `between`, the nearer to its low end the higher `skew`; with
    `repeats` an account always pays the same. `by` weighs how the money arrives: by purpose of a
    method of payment.
    """

    fund: str
    account: str
    first: int
    accounts: int
    by: Mapping[str, int]
    prices: tuple[int, ...] = ()
    between: tuple[int, int] = (0, 0)
    skew: int = 1
    repeats: bool = False
    is_business: bool = False
    step: int = 37

    def draw(self, rng: Random) -> int:
        """An amount in pence."""
        if self.prices:
            return rng.choice(self.prices)
        low, high = self.between
        return low + int((high - low) * rng.random() ** self.skew)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who pays: their reference, name, and what they usually pay in pence."""

    reference: str
    payer: str
    usual_pence: int


@dataclass(frozen=True, slots=True)
class Morning:
    """What is special in the council's bank file, so that its rules have something to decide.

    `groups` are the digits of a `typed_fund` reference as people space them. `dwp` pairs the payer
    the bank shows with the fund whose reference is in the text.
    """

    file_name: str  # with {day}
    typed_fund: str
    groups: tuple[int, ...]
    tax_words: str  # says which fund, but no reference
    short_reference: tuple[str, str]  # (reference with a digit missing, narrative)
    closed_account: str  # a reference of a fund that is not in use
    cheque_funds: tuple[str, ...]
    charge: str
    dwp: tuple[tuple[str, str], ...]
    has_bad_rows: bool
    write: Writer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in to a demo council."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoCouncil:
    """One demo council. `shares` weighs the ways money arrives, in receipts of a year."""

    name: str
    host: str
    accent_colour: str
    starter: str
    profile: str
    layout: str
    cashier: str
    methods: Mapping[str, str]
    shares: Mapping[str, int]
    income: tuple[Income, ...]
    morning: Morning
    people: tuple[Person, ...] = field(default=())

    @property
    def short_name(self) -> str:
        """The first word of the host, for names of files and folders."""
        return self.host.split(".")[0]


def accounts_of(council: DemoCouncil) -> dict[str, list[Account]]:
    """Everybody who pays, by fund. The same on every day, so that payers come back."""
    found: dict[str, list[Account]] = {}
    for income in council.income:
        rng = Random(f"{council.host}:{income.fund}")  # noqa: S311 - invented people, no secret
        name = payers.business if income.is_business else payers.person
        found[income.fund] = [
            Account(
                income.account.format(income.first + number * income.step),
                name(rng),
                income.draw(rng),
            )
            for number in range(income.accounts)
        ]
    return found
