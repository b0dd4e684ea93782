"""Reading a ledger file back and adding it up again, to prove it before it is sent."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from ims.exports.errors import FileUnreadable, TotalsDisagree
from ims.exports.layout import Column, Format, Layout, Side, SignRule
from ims.exports.rows import Totals
from ims.exports.writers.adding import CodeNumbers, added
from ims.exports.writers.amounts import read_amounts
from ims.exports.writers.registry import codec_for
from ims_kernel.money import plain_pounds

# Trailer figures that can be found again in the records.
_FOUND_AGAIN = frozenset(
    {"record_count", "contra_count", "debit_pence", "credit_pence", "net_pence", "hash_total"}
)
_BATCH = 2_000
_AGAIN = "Do not send the file; make it again."
Record = Sequence[str]


def read_totals(layout: Layout, stream: BinaryIO, *, contra_count: int = 0) -> Totals:
    """What a file written with this layout adds up to. The stream stays open.

    The last `contra_count` records before the trailer are the contras. Raises FileUnreadable for a
    record the layout does not describe, TotalsDisagree when the trailer says something else.
    """
    text = io.TextIOWrapper(stream, encoding=layout.encoding, newline="")
    try:
        return _Reading(layout, contra_count).of(text)
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            f"The file cannot be read back as {layout.encoding}. {_AGAIN}"
        ) from error
    finally:
        text.detach()


class _Reading:
    """One file being read back."""

    def __init__(self, layout: Layout, contra_count: int) -> None:
        self._layout = layout
        self._codec = codec_for(layout)
        self._contra_count = contra_count
        self._numbers = CodeNumbers()
        places = [
            place
            for place, column in enumerate(layout.columns)
            if column.source in ("amount_pence", "ledger_code")
        ]
        self._places = places
        self._columns = [layout.columns[place] for place in places]

    def of(self, text: io.TextIOWrapper) -> Totals:
        layout = self._layout
        records = self._codec.split(text)
        if layout.header:
            self._one(next(records, None), layout.header, "header")
        if layout.headings:
            self._one(next(records, None), layout.columns, "line of headings")
        lines, rest = self._lines(records)
        trailer = rest.pop() if layout.trailer and rest else None
        if len(rest) != self._contra_count:
            raise FileUnreadable(
                f"The file ends too early: {self._contra_count} contra records were written and "
                f"{len(rest)} are there. {_AGAIN}"
            )
        totals = added(lines, _as_contras(self._named_sum(rest, lines.record_count + 1)))
        if layout.trailer:
            self._check(self._one(trailer, layout.trailer, "trailer"), totals)
        return totals

    def _lines(self, records: Iterator[Record]) -> tuple[Totals, list[Record]]:
        """The totals of all but the contras and the trailer, and those."""
        kept = self._contra_count + bool(self._layout.trailer)
        totals = Totals()
        held: list[Record] = []
        while batch := list(islice(records, _BATCH)):
            held += batch
            ready = held[: max(0, len(held) - kept)]
            held = held[len(ready) :]
            totals = added(totals, self._named_sum(ready, totals.record_count + 1))
        return totals, held

    def _named_sum(self, records: Sequence[Record], first: int) -> Totals:
        """The sum of the records; if one is unreadable, an error that gives its number."""
        try:
            return self._sum(records)
        except ValueError:
            for number, record in enumerate(records, start=first):
                try:
                    self._sum([record])
                except ValueError as error:
                    raise FileUnreadable(
                        f"Record {number} cannot be read back: {error}. {_AGAIN}", record=number
                    ) from error
            raise

    def _sum(self, records: Sequence[Record]) -> Totals:
        debit = credit = hashed = filled = 0
        picked = self._codec.pick(records, self._layout.columns, self._places)
        for column, texts in zip(self._columns, picked, strict=True):
            if column.source == "ledger_code":
                hashed += sum(map(self._numbers.__getitem__, texts))
                continue
            amounts = read_amounts(column, texts)
            filled += len(amounts)
            credits_here, debits_here = _sides(self._layout, column, amounts)
            credit += credits_here
            debit += debits_here
        if filled != len(records):
            raise ValueError(f"{filled} amounts are filled in {len(records)} records")
        return Totals(
            record_count=len(records),
            debit_pence=debit,
            credit_pence=credit,
            net_pence=credit - debit,
            hash_total=hashed,
        )

    def _one(self, record: Record | None, columns: Sequence[Column], name: str) -> list[str]:
        """The cells of a record of which there is one."""
        if record is None:
            raise FileUnreadable(f"The file has no {name}. {_AGAIN}")
        try:
            picked = self._codec.pick([record], columns, range(len(columns)))
        except ValueError as error:
            raise FileUnreadable(f"The {name} cannot be read back: {error}. {_AGAIN}") from error
        return [cells[0] for cells in picked]

    def _check(self, cells: Sequence[str], totals: Totals) -> None:
        """Raise TotalsDisagree for the first figure of the trailer that was not found again."""
        for column, text in zip(self._layout.trailer, cells, strict=True):
            if column.source not in _FOUND_AGAIN:
                continue
            found: int = getattr(totals, column.source)
            try:
                said = read_amounts(column, [text])
            except ValueError:
                said = []
            if said != [found]:
                raise TotalsDisagree(
                    f"The trailer says “{text.strip()}” for “{column.heading}”, but the records "
                    f"come to {_shown(column, found)}. {_AGAIN}",
                    column=column.heading,
                    found=found,
                )


def _shown(column: Column, found: int) -> str:
    return plain_pounds(found) if column.format is Format.POUNDS else str(found)


def _as_contras(totals: Totals) -> Totals:
    return Totals(
        record_count=totals.record_count,
        contra_count=totals.record_count,
        debit_pence=totals.debit_pence,
        credit_pence=totals.credit_pence,
        contra_pence=totals.net_pence,
        hash_total=totals.hash_total,
    )


def _sides(layout: Layout, column: Column, amounts: Sequence[int]) -> tuple[int, int]:
    """What a column adds to the credits and to the debits, in pence."""
    if column.side is Side.CREDIT:
        return sum(amounts), 0
    if column.side is Side.DEBIT:
        return 0, sum(amounts)
    above = sum(pence for pence in amounts if pence > 0)
    below = above - sum(amounts)
    if layout.sign_rule is SignRule.CREDIT_POSITIVE:
        return above, below
    return below, above
