"""One line of a bank CSV, by its layout, as a row; the hot loop of an import."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter

from ims.imports.formats.base import Controls, ParsedRow, RejectedRow, Row
from ims.imports.formats.csv_layouts import Layout
from ims.imports.formats.errors import BalancesDoNotFollow, CurrencyNotSupported
from ims.imports.formats.fields import (
    ACCOUNT,
    BANK_CODE,
    NARRATIVE,
    NIL,
    REFERENCE,
    TEXT,
    RowUnreadable,
    read_day,
    read_pence,
    rejected,
    tidy,
)
from ims.imports.formats.running_balance import RunningBalance
from ims_kernel.money import AmountUnreadable, format_pounds

Cells = list[str]

_FOOTER = re.compile(
    r"(grand |sub[ -]?)?totals?\b|(opening|closing) balance|balance (brought|carried)|end of\b"
    r"|number of\b|page \d|generated\b",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\b([A-Z]{3})$", re.ASCII)
_NOT_DIGITS = re.compile(r"[^0-9]+")
# Past this many accounts the balances of further ones are not followed, so that memory is bounded.
_MOST_ACCOUNTS = 10_000


class _Account:
    """One account of the file: its digits and its running balance."""

    __slots__ = ("balance", "digits")

    def __init__(self, digits: str) -> None:
        self.digits = digits
        self.balance = RunningBalance()


class LineReader:
    """Turns lines into rows, remembering what whole-file checks need at the end.

    Date strings, account cells and accounts are looked up before they are parsed: a statement has
    few different ones, and strptime alone would cost seven times the reading of the file.
    """

    def __init__(self, layout: Layout) -> None:
        place = {name: at for at, name in enumerate(layout.columns)}
        self._width = len(layout.columns)
        self._date = place[layout.date]
        self._code = place[layout.bank_code]
        self._narrative = [place[name] for name in layout.narrative]
        self._reference = place[layout.reference] if layout.reference else -1
        self._reference_codes = layout.reference_codes
        self._balance = place[layout.balance] if layout.balance else -1
        self._amount_of = _amount_reader(layout, place)
        self._signed = place[layout.amount] if layout.amount else -1
        self._account_columns = [place[name] for name in layout.account]
        self._currency = place[layout.currency] if layout.currency else -1
        keys = [*self._account_columns, *([self._currency] if layout.currency else [])]
        self._account_key: Callable[[Cells], object] = itemgetter(*keys) if keys else _no_account
        self._by_cells: dict[object, _Account] = {}
        self._by_digits: dict[str, _Account] = {}
        self._days: dict[str, date] = {}
        self._unsure = False  # an amount could not be read, so no balance can be proved

    def read(self, line_number: int, cells: Cells) -> Row:
        """The row of one line. Raises CurrencyNotSupported, which refuses the file."""
        try:
            if len(cells) != self._width:
                cells = self._fitted(cells)
            signed = self._signed
            amount = read_pence(cells[signed]) if signed >= 0 else self._amount_of(cells)
            day = self._days.get(cells[self._date])
            if day is None:
                day = self._new_day(cells[self._date])
        except (RowUnreadable, AmountUnreadable) as error:
            return self._reject(line_number, cells, error.message)
        if not amount:
            return self._reject(line_number, cells, NIL)
        account = self._by_cells.get(self._account_key(cells)) or self._new_account(cells)
        if self._balance >= 0:
            self._follow(account, amount, cells, line_number)
        text = ",".join(cells)
        if not text.isprintable() or "  " in text:
            # Rare, so the cells of an ordinary line need no more than their ends stripped.
            cells = [tidy(cell, TEXT) for cell in cells]
            text = tidy(text, TEXT)
        code = cells[self._code].strip()[:BANK_CODE]
        reference, narrative = self._texts(cells, code)
        # tuple.__new__ spares the keyword handling of ParsedRow(...): a third of its cost.
        return tuple.__new__(
            ParsedRow,
            (
                line_number, amount, day, day, "", reference, narrative, "", code, account.digits,
                text[:TEXT].strip(),
            ),
        )  # fmt: skip

    def statements(self) -> list[Controls]:
        """What the file declares, one per account. Raises BalancesDoNotFollow."""
        days = self._days.values()
        first, last = min(days, default=None), max(days, default=None)
        return [self._declared(account, first, last) for account in self._by_digits.values()] or [
            Controls()
        ]

    def _declared(self, account: _Account, first: date | None, last: date | None) -> Controls:
        balance = account.balance
        if self._balance < 0 or self._unsure or balance.unsure:
            return Controls(bank_account=account.digits, opening_on=first, closing_on=last)
        broken = balance.first_break
        ends = balance.ends()
        if ends is None and broken is not None:
            raise BalancesDoNotFollow(
                broken[0], balance=format_pounds(broken[1]), expected=format_pounds(broken[2])
            )
        opening, closing = ends or (None, None)
        return Controls(
            bank_account=account.digits,
            total_pence=None if opening is None or closing is None else closing - opening,
            opening_pence=opening,
            closing_pence=closing,
            opening_on=first,
            closing_on=last,
        )

    def _texts(self, cells: Cells, code: str) -> tuple[str, str]:
        """(reference, narrative): a reference only from a real reference column, never guessed."""
        parts = self._narrative
        reference = cells[self._reference] if self._reference >= 0 else ""
        if len(parts) == 1:
            narrative = cells[parts[0]]
        else:
            if code in self._reference_codes:
                reference, parts = cells[parts[0]], parts[1:]
            narrative = " ".join([cells[at].strip() for at in parts if cells[at]])
        return (
            reference.lstrip(" '")[:REFERENCE].rstrip() if reference else "",
            narrative.lstrip(" '")[:NARRATIVE].rstrip(),
        )

    def _follow(self, account: _Account, amount: int, cells: Cells, line_number: int) -> None:
        try:
            balance = read_pence(cells[self._balance])
        except AmountUnreadable:
            # Some banks print the balance once a day; then it proves nothing, and stops nothing.
            account.balance.unsure = True
        else:
            account.balance.follow(amount, balance, line_number)

    def _fitted(self, cells: Cells) -> Cells:
        """The cells without the empty ones a trailing comma makes. Raises RowUnreadable."""
        fitted = cells[: self._width]
        if len(fitted) < self._width:
            raise RowUnreadable(
                f"The line has {len(cells)} columns and needs {self._width}. It may be cut short."
            )
        if any(cell.strip() for cell in cells[self._width :]):
            raise RowUnreadable(
                f"The line has {len(cells)} columns and needs {self._width}. There may be a comma "
                "inside a text: put quotation marks around that text."
            )
        return fitted

    def _reject(self, line_number: int, cells: Cells, problem: str) -> RejectedRow:
        text = ",".join(cells)
        first = next((cell for cell in cells if cell.strip()), "").strip(" '")
        if _FOOTER.match(first):
            reason = "This looks like a total or footer, not a bank line. There is nothing to do."
            return rejected(line_number, text, reason)
        try:
            amount = self._amount_of(self._fitted(cells))
        except (RowUnreadable, AmountUnreadable):
            self._unsure = True
            return rejected(line_number, text, problem)
        account = self._by_cells.get(self._account_key(cells)) or self._new_account(cells)
        if self._balance >= 0:
            self._follow(account, amount, cells, line_number)
        return rejected(line_number, text, problem, amount_pence=amount)

    def _new_day(self, text: str) -> date:
        day = read_day(text)
        self._days[text] = day
        return day

    def _new_account(self, cells: Cells) -> _Account:
        """The account of a line whose account cells are new. Raises CurrencyNotSupported."""
        if self._currency >= 0:
            currency = _CURRENCY.search(tidy(cells[self._currency], TEXT).upper())
            if currency and currency[1] != "GBP":
                where = f"Account {tidy(cells[self._account_columns[0]], ACCOUNT)}"
                raise CurrencyNotSupported(currency[1], where)
        joined = "".join([cells[at] for at in self._account_columns])
        digits = _NOT_DIGITS.sub("", joined)[:ACCOUNT]
        account = self._by_digits.get(digits)
        if account is None:
            account = _Account(digits)
            if len(self._by_digits) < _MOST_ACCOUNTS:
                self._by_digits[digits] = account
        if len(self._by_cells) < _MOST_ACCOUNTS:
            self._by_cells[self._account_key(cells)] = account
        return account


def _no_account(_cells: Cells) -> str:
    return ""


def _amount_reader(layout: Layout, place: dict[str, int]) -> Callable[[Cells], int]:
    """How this layout gives a signed amount in pence; what it returns raises for a bad amount."""
    if layout.amount:
        at = place[layout.amount]
        return lambda cells: read_pence(cells[at])
    debit, credit = place[layout.debit], place[layout.credit]

    def two_columns(cells: Cells) -> int:
        out, into = cells[debit], cells[credit]
        money_out = read_pence(out) if out.strip(" '") else 0
        money_in = read_pence(into) if into.strip(" '") else 0
        if not money_out and not money_in and not out.strip(" '") and not into.strip(" '"):
            raise RowUnreadable("There is no amount. Fill the debit or the credit column.")
        if money_out < 0 or money_in < 0:
            raise RowUnreadable(
                "The amount is negative in a column that already says debit or credit. "
                "Remove the minus sign, or move the amount to the other column."
            )
        if money_out and money_in:
            raise RowUnreadable(
                "The line has both a debit and a credit. Leave only the one that happened."
            )
        return money_in - money_out

    return two_columns
