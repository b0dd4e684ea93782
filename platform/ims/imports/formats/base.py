"""What every bank file format promises: rows, rejected rows, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import BinaryIO, NamedTuple, Protocol

HEAD_BYTES = 65_536


class ParsedRow(NamedTuple):
    """One bank line. A tuple because a million of them are made: five times cheaper here.

    Texts are "" when the bank does not give them; control characters are gone, runs of spaces
    are one space, and longer texts are cut at the length shown (a whole character is never cut).
    """

    line_number: int  # CSV: the physical line, first line 1. camt.053: the running entry number.
    amount_pence: int  # + money in (credit), - money out (debit); never 0
    received_on: date  # booking date
    effective_on: date  # value date, or the booking date where there is none
    payer: str  # 140
    reference: str  # 140
    narrative: str  # 500
    bank_reference: str  # 64
    bank_code: str  # 16
    bank_account: str  # sort code and account number, digits only, or ""
    text: str  # 1000: the line or entry as a person would recognise it


class RejectedRow(NamedTuple):
    """One bank line that cannot be used, and why.

    `amount_pence` is the signed amount that counts in the file's total. None means unreadable, or
    not money (a pending entry, a footer line), so that parsed + rejected = `Controls.total_pence`
    whenever every amount could be read.
    """

    line_number: int
    text: str
    reason: str
    amount_pence: int | None


Row = ParsedRow | RejectedRow


@dataclass(frozen=True, slots=True)
class Controls:
    """What the file declares about itself; None where it says nothing. All in pence.

    The adapter has already checked these against the entries, and refused the file if they differ.
    """

    statement_id: str = ""
    bank_account: str = ""
    entry_count: int | None = None  # entries, before a batch is split into its payments
    total_pence: int | None = None  # net movement: closing - opening
    credit_pence: int | None = None  # both without sign
    debit_pence: int | None = None
    opening_pence: int | None = None
    closing_pence: int | None = None
    opening_on: date | None = None
    closing_on: date | None = None


class Reading(Iterable[Row]):
    """The rows of one file, once and in order; after the last one, what the file declares.

    A FileRefused can be raised after rows were given (totals are known only at the end), so a
    caller keeps nothing until the iteration has ended by itself.
    """

    def __init__(self, rows: Iterator[Row], statements: list[Controls]) -> None:
        self._rows = rows
        self._statements = statements
        self._ended = False

    def __iter__(self) -> Iterator[Row]:
        yield from self._rows
        self._ended = True

    @property
    def statements(self) -> tuple[Controls, ...]:
        """One Controls per statement (camt.053) or per account (CSV). Ask after the last row."""
        if not self._ended:
            raise RuntimeError("Controls are known when every row has been read.")
        return tuple(self._statements)

    @property
    def controls(self) -> Controls:
        """The whole file's Controls. Balances are given only when there is one statement."""
        return merged(self.statements)


class ImportFormat(Protocol):
    """A bank file format. `code` is stored with the import; `name` is shown to people."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    def sniff(self, head: bytes) -> bool:
        """Whether the first HEAD_BYTES look like this format. By content; never raises."""
        ...

    def parse(self, stream: BinaryIO) -> Reading:
        """Rows of a seekable stream, read from its start. Iterating may raise FileRefused."""
        ...

    def dedupe_key(self, row: ParsedRow) -> str: ...


# What banks write when they have no reference; it must never make two payments look like one.
NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "N/A", "0", "-"})


def dedupe_key(row: ParsedRow) -> str:
    """32 hex digits that are equal when two files hold the same bank line.

    From the bank's reference when there is one, else from the line's texts; always with account,
    date and amount, because some banks reuse references. Never from line number or file. Equal
    lines inside one file are legal (two cash deposits): the caller adds an ordinal.
    """
    if row.bank_reference.upper() in NO_REFERENCE:
        marks = f"{row.bank_code}\x1f{row.payer}\x1f{row.reference}\x1f{row.narrative}"
    else:
        marks = f"\x1e{row.bank_reference}"
    fact = f"{row.bank_account}\x1f{row.received_on}\x1f{row.amount_pence}\x1f{marks}"
    return blake2b(fact.encode(), digest_size=16).hexdigest()


def merged(statements: tuple[Controls, ...]) -> Controls:
    """One Controls for several statements: sums where all declare, else None; no balances."""
    if len(statements) == 1:
        return statements[0]
    accounts = {each.bank_account for each in statements}
    return Controls(
        bank_account=accounts.pop() if len(accounts) == 1 else "",
        entry_count=_sum([each.entry_count for each in statements]),
        total_pence=_sum([each.total_pence for each in statements]),
        credit_pence=_sum([each.credit_pence for each in statements]),
        debit_pence=_sum([each.debit_pence for each in statements]),
        opening_on=min((s.opening_on for s in statements if s.opening_on), default=None),
        closing_on=max((s.closing_on for s in statements if s.closing_on), default=None),
    )


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None
