"""Reading a ledger file back and adding it up again, to prove it before it is sent."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from ims.exports.errors import FileUnreadable, TotalsDisagree
from ims.exports.layout import Column, Format, Layout, Side, SignRule
from ims.exports.rows import Totals
from ims.exports.writers.adding import CodeNumbers, added
from ims.exports.writers.base import Codec
from ims.exports.writers.cells import read_amount
from ims.exports.writers.registry import codec_for
from ims_kernel.money import plain_pounds

# Trailer figures that can be found again in the records.
_FOUND_AGAIN = ("record_count", "contra_count", "debit_pence", "credit_pence", "net_pence",
                "hash_total")  # fmt: skip
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
            f"The file cannot be read back as {layout.encoding}. Do not send it; make it again."
        ) from error
    finally:
        text.detach()


class _Reading:
    def __init__(self, layout: Layout, contra_count: int) -> None:
        self._layout = layout
        self._codec: Codec = codec_for(layout)
        self._contra_count = contra_count
        self._add = _adder(layout, self._codec)

    def of(self, text: io.TextIOWrapper) -> Totals:
        records = self._codec.split(text)
        if self._layout.header:
            self._cut(next(records, None), self._layout.header, "header")
        if self._layout.headings:
            self._cut(next(records, None), self._layout.columns, "line of headings")
        held: deque[Record] = deque()
        lines = self._add(self._all_but_the_last(records, held), 1)
        trailer = held.pop() if self._layout.trailer and held else None
        if len(held) != self._contra_count:
            raise FileUnreadable(
                f"The file ends too early: {self._contra_count} contra records were written and "
                f"{len(held)} are there. Do not send it; make it again."
            )
        contras = self._add(held, lines.record_count + 1)
        totals = added(lines, _as_contras(contras))
        if self._layout.trailer:
            self._check(self._cut(trailer, self._layout.trailer, "trailer"), totals)
        return totals

    def _all_but_the_last(self, records: Iterator[Record], held: deque[Record]) -> Iterator[Record]:
        """Every record but the contras and the trailer, which are left in `held`."""
        kept = self._contra_count + bool(self._layout.trailer)
        for record in records:
            held.append(record)
            if len(held) > kept:
                yield held.popleft()

    def _cut(self, record: Record | None, columns: Sequence[Column], name: str) -> Record:
        if record is None:
            raise FileUnreadable(f"The file has no {name}. Do not send it; make it again.")
        try:
            return self._codec.cutter(columns)(record)
        except ValueError as error:
            raise FileUnreadable(
                f"The {name} cannot be read back: {error}. Do not send the file; make it again."
            ) from error

    def _check(self, cells: Record, totals: Totals) -> None:
        for column, text in zip(self._layout.trailer, cells, strict=True):
            if column.source not in _FOUND_AGAIN:
                continue
            found: int = getattr(totals, column.source)
            try:
                said = read_amount(column, text)
            except ValueError:
                said = None
            if said != found:
                raise TotalsDisagree(
                    f"The trailer says “{text.strip()}” for “{column.heading}”, but the records "
                    f"come to {_shown(column, found)}. Do not send the file; make it again.",
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


def _adder(layout: Layout, codec: Codec) -> Callable[[Iterable[Record], int], Totals]:
    """A function that adds records up; its number is that of the first record, for messages."""
    cut = codec.cutter(layout.columns)
    places = {column: place for place, column in enumerate(layout.columns)}
    amounts = [(places[column], column, _direction(layout, column))
               for column in layout.amount_columns]  # fmt: skip
    code_place = next(
        (place for column, place in places.items() if column.source == "ledger_code"), None
    )
    numbers = CodeNumbers()

    def add(records: Iterable[Record], first: int) -> Totals:
        count = credit = debit = hashed = 0
        for record in records:
            try:
                cells = cut(record)
                pence = 0
                for place, column, direction in amounts:
                    pence += direction * read_amount(column, cells[place])
            except ValueError as error:
                raise FileUnreadable(
                    f"Record {first + count} cannot be read back: {error}. "
                    "Do not send the file; make it again.",
                    record=first + count,
                ) from error
            count += 1
            if pence > 0:
                credit += pence
            else:
                debit -= pence
            if code_place is not None:
                hashed += numbers[cells[code_place]]
        return Totals(
            record_count=count,
            debit_pence=debit,
            credit_pence=credit,
            net_pence=credit - debit,
            hash_total=hashed,
        )

    return add


def _direction(layout: Layout, column: Column) -> int:
    """1 when the column's positive figures are credits, -1 when they are debits."""
    if column.side is Side.SIGNED:
        return 1 if layout.sign_rule is SignRule.CREDIT_POSITIVE else -1
    return 1 if column.side is Side.CREDIT else -1
