"""One camt.053 statement (Stmt): its account, its balances, and the proof that they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml.etree import _Element

from ims.imports.formats.base import Controls, Row
from ims.imports.formats.camt_entries import read_entry
from ims.imports.formats.camt_facts import first, gather, signed_pence
from ims.imports.formats.errors import (
    BalancesDoNotAgree,
    CurrencyNotSupported,
    EntryCountDiffers,
)
from ims.imports.formats.fields import (
    ACCOUNT,
    BANK_CODE,
    BANK_REFERENCE,
    RowUnreadable,
    read_iso_day,
    read_pence,
    tidy,
)
from ims_kernel.money import AmountUnreadable, format_pounds

_UK_IBAN = re.compile(r"GB\d\d[A-Z]{4}(\d{14})", re.ASCII)
# Opening booked, or the closing of the day before; closing booked. Others are not of this day's
# booked entries (available, interim, forward) and prove nothing.
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class Statement:
    """Gathers one Stmt while its children pass by, and checks it at its end."""

    def __init__(self) -> None:
        self.statement_id = ""
        self.bank_account = ""
        self._opening: int | None = None
        self._closing: int | None = None
        self._opening_on: date | None = None
        self._closing_on: date | None = None
        self._declared_count: int | None = None
        self._sums: dict[str, int] = {}
        self._entries = 0
        self._booked = 0
        self._credit = 0
        self._debit = 0
        self._unreadable = ""  # the first booked entry whose amount cannot be read
        self._suspect = ""  # the first booked entry with any problem

    def take_id(self, element: _Element) -> None:
        """Stmt/Id."""
        self.statement_id = tidy(element.text or "", BANK_REFERENCE)

    def take_account(self, element: _Element) -> None:
        """Stmt/Acct. Raises CurrencyNotSupported."""
        facts, _ = gather(element)
        currency = tidy(first(facts, "Ccy"), BANK_CODE) or "GBP"
        if currency != "GBP":
            raise CurrencyNotSupported(currency, f"Statement {self._label()}")
        iban = tidy(first(facts, "Id/IBAN"), ACCOUNT).replace(" ", "")
        other = tidy(first(facts, "Id/Othr/Id"), ACCOUNT)
        match = _UK_IBAN.fullmatch(iban)
        self.bank_account = match[1] if match else re.sub(r"[^0-9]", "", other) or iban or other

    def take_balance(self, element: _Element) -> None:
        """Stmt/Bal. Raises CurrencyNotSupported, or BalancesDoNotAgree for one not readable."""
        facts, _ = gather(element)
        kind = first(facts, "Tp/CdOrPrtry/Cd")
        if kind not in _OPENING + _CLOSING:
            return
        try:
            pence = signed_pence(facts, f"Statement {self._label()}")
            day = read_iso_day(first(facts, "Dt/Dt", "Dt/DtTm"))
        except (RowUnreadable, AmountUnreadable) as error:
            raise BalancesDoNotAgree(
                self._label(),
                made="a sum that cannot be checked",
                declared=f"a balance ({kind}) that cannot be read",
                first_bad=error.message,
            ) from None
        if kind in _CLOSING:
            self._closing, self._closing_on = pence, day
        elif self._opening is None or kind == "OPBD":
            self._opening, self._opening_on = pence, day

    def take_summary(self, element: _Element) -> None:
        """Stmt/TxsSummry: how many entries, and their sums. Unreadable figures declare nothing."""
        facts, _ = gather(element)
        count = first(facts, "TtlNtries/NbOfNtries")
        if re.fullmatch(r"[0-9]{1,9}", count):
            self._declared_count = int(count)
        for side in ("TtlCdtNtries", "TtlDbtNtries"):
            try:
                self._sums[side] = read_pence(first(facts, f"{side}/Sum"))
            except AmountUnreadable:
                continue

    def take_entry(self, element: _Element, number: int) -> Iterator[Row]:
        """Stmt/Ntry, as rows. Raises CurrencyNotSupported."""
        outcome = read_entry(element, number=number, bank_account=self.bank_account)
        self._entries += 1
        self._booked += outcome.booked
        if outcome.problem and not self._suspect:
            self._suspect = f"Look at entry {number}: {outcome.problem}"
        if outcome.amount_pence is None:
            self._unreadable = self._unreadable or f"Look at entry {number}: {outcome.problem}"
        elif outcome.amount_pence > 0:
            self._credit += outcome.amount_pence
        else:
            self._debit -= outcome.amount_pence
        yield from outcome.rows

    def finish(self) -> Controls:
        """What the statement declares, checked. Raises BalancesDoNotAgree, EntryCountDiffers."""
        self._check_summary()
        total = None
        if self._opening is not None and self._closing is not None:
            total = self._closing - self._opening
            self._agree(
                self._opening + self._credit - self._debit,
                self._closing,
                made=f"with the opening balance of {format_pounds(self._opening)}",
                declared="a closing balance of",
            )
        return Controls(
            statement_id=self.statement_id,
            bank_account=self.bank_account,
            entry_count=self._declared_count,
            total_pence=total,
            credit_pence=self._sums.get("TtlCdtNtries"),
            debit_pence=self._sums.get("TtlDbtNtries"),
            opening_pence=self._opening,
            closing_pence=self._closing,
            opening_on=self._opening_on,
            closing_on=self._closing_on,
        )

    def _check_summary(self) -> None:
        """Banks differ in whether pending entries are in the summary: either count is right."""
        declared = self._declared_count
        if declared is not None and declared not in (self._entries, self._booked):
            raise EntryCountDiffers(self._label(), found=self._entries, declared=declared)
        if self._entries != self._booked:
            return
        for side, found, word in (
            ("TtlCdtNtries", self._credit, "credits"),
            ("TtlDbtNtries", self._debit, "debits"),
        ):
            if side in self._sums:
                self._agree(found, self._sums[side], made=f"in {word}", declared=f"{word} of")

    def _agree(self, found: int, expected: int, *, made: str, declared: str) -> None:
        if found != expected:
            raise BalancesDoNotAgree(
                self._label(),
                made=f"{format_pounds(found)} {made}",
                declared=f"{declared} {format_pounds(expected)}",
                first_bad=self._unreadable or self._suspect,
            )

    def _label(self) -> str:
        return self.statement_id or "without an Id"
