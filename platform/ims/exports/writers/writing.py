"""Writing one ledger file: rows in, bytes out, with nothing kept but totals."""

from __future__ import annotations

import codecs
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ims.exports.errors import CellUnwritable, TotalsDisagree
from ims.exports.layout import Column, Layout
from ims.exports.rows import Batch, LedgerRow, RunFacts, Totals, in_batches
from ims.exports.writers.adding import CodeNumbers, added
from ims.exports.writers.cells import CellRefused, Cells, cells_for, total_for
from ims.exports.writers.registry import codec_for
from ims_kernel.money import format_pounds
from ims_kernel.spreadsheets import safe_cell

Fields = dict[str, Sequence[Any]]
_NO_ROW = LedgerRow(None, "", "", "", "", "", "", "", 0, "", 0, 0, None, None, "", "", 0)


class LedgerFile:
    """One file being written. Use once: read `chunks` to its end, then `totals`."""

    def __init__(self, layout: Layout, facts: RunFacts) -> None:
        self.layout = layout
        self.totals = Totals()
        self._facts = facts
        self._codec = codec_for(layout)
        self._encoder = codecs.getincrementalencoder(layout.encoding)()
        # Copying plain text is ten times faster than encoding it. utf-8-sig begins with a mark.
        self._ascii_is_itself = layout.encoding != "utf-8-sig"
        self._cells: list[Cells] = [cells_for(layout, column) for column in layout.columns]
        self._numbers = CodeNumbers()
        self._line_count = 0
        self._contras: defaultdict[tuple[Any, ...], int] = defaultdict(int)

    def chunks(self, rows: Iterable[LedgerRow]) -> Iterator[bytes]:
        """The bytes of the file, in order.

        `rows` are at the layout's grain. Raises CellUnwritable naming the record, the receipt and
        the column; TotalsDisagree, before the trailer, when the rows do not add up to the facts.
        """
        return self.chunks_of(in_batches(rows))

    def chunks_of(self, batches: Iterable[Batch]) -> Iterator[bytes]:
        """The same for rows that come as columns."""
        yield self._record("header", self.layout.header)
        if self.layout.headings:
            names = [[safe_cell(column.heading) for column in self.layout.columns]]
            yield self._encoded(names, self.layout.columns, None)
        for batch in batches:
            yield self._lines(batch)
        self._check()
        for batch in in_batches(self._contra_rows()):
            yield self._contra_lines(batch)
        yield self._record("trailer", self.layout.trailer)

    def _lines(self, batch: Batch) -> bytes:
        fields = _named(batch)
        codes = fields["ledger_code"] = fields["fund_ledger_code"]
        data = self._body(fields, self.layout.record_type)
        amounts: Sequence[int] = fields["amount_pence"]
        net = sum(amounts)
        credit = sum(pence for pence in amounts if pence > 0)
        self._count(codes, net=net, credit=credit, contra=False)
        self._line_count += sum(fields["line_count"])
        if self.layout.contra is not None:
            keys = zip(*(fields[name] for name in self.layout.contra.group_by), strict=True)
            for key, pence in zip(keys, amounts, strict=True):
                self._contras[key] += pence
        return data

    def _contra_lines(self, batch: Batch) -> bytes:
        contra = self.layout.contra
        fields = _named(batch)
        codes = fields["ledger_code"] = fields[contra.ledger_code if contra else "ledger_code"]
        data = self._body(fields, self.layout.contra_record_type or self.layout.record_type)
        amounts: Sequence[int] = fields["amount_pence"]
        credit = sum(pence for pence in amounts if pence > 0)
        self._count(codes, net=sum(amounts), credit=credit, contra=True)
        return data

    def _count(self, codes: Sequence[str], *, net: int, credit: int, contra: bool) -> None:
        here = Totals(
            record_count=len(codes),
            contra_count=len(codes) if contra else 0,
            debit_pence=credit - net,
            credit_pence=credit,
            net_pence=0 if contra else net,
            contra_pence=net if contra else 0,
            hash_total=sum(map(self._numbers.__getitem__, codes)),
        )
        self.totals = added(self.totals, here)

    def _contra_rows(self) -> list[LedgerRow]:
        """One row for each group, on the other side; none for a group that comes to nothing."""
        contra = self.layout.contra
        if contra is None:
            return []
        fixed: dict[str, Any] = dict(contra.values)
        return [
            _NO_ROW._replace(
                **fixed | dict(zip(contra.group_by, key, strict=True)),
                amount_pence=-pence,
                net_pence=-pence,
            )
            for key, pence in self._contras.items()
            if pence
        ]

    def _body(self, fields: Fields, record_type: str) -> bytes:
        first, size = self.totals.record_count + 1, len(fields["amount_pence"])
        fields["record_type"] = [record_type] * size
        fields["record_number"] = range(first, first + size)
        fields[""] = range(size)
        try:
            columns = [
                cells(fields[column.source])
                for cells, column in zip(self._cells, self.layout.columns, strict=True)
            ]
        except CellRefused:
            self._name_the_cell(fields, size)
            raise
        return self._encoded(list(zip(*columns, strict=True)), self.layout.columns, fields)

    def _name_the_cell(self, fields: Fields, size: int) -> None:
        """Go through a refused batch again, record by record, to say which cell it was."""
        for place in range(size):
            for cells, column in zip(self._cells, self.layout.columns, strict=True):
                try:
                    cells([fields[column.source][place]])
                except CellRefused as refusal:
                    raise self._unwritable(column, place, fields, str(refusal)) from None

    def _unwritable(
        self, column: Column, place: int, fields: Fields | None, problem: str
    ) -> CellUnwritable:
        number = self.totals.record_count + place + 1
        reference = fields["entry_reference"][place] if fields else ""
        receipt = f"receipt {reference}" if reference else "no single receipt"
        return CellUnwritable(
            f"Record {number} ({receipt}) cannot be written: column “{column.heading}” {problem} "
            f"Change the column in the layout “{self.layout.name}”, or put the value right.",
            record=number,
            line_id=fields["line_id"][place] if fields else None,
            column=column.heading,
        )

    def _encoded(
        self, records: list[Any], columns: Sequence[Column], fields: Fields | None
    ) -> bytes:
        text = self._codec.join(records)
        if self._ascii_is_itself and text.isascii():
            return text.encode("ascii")
        try:
            return self._encoder.encode(text)
        except UnicodeEncodeError:
            encoding = self.layout.encoding
            for place, record in enumerate(records):
                for column, text in zip(columns, record, strict=True):
                    if odd := _unencodable(text, encoding):
                        problem = f"has “{odd}”, which cannot be written in {encoding}."
                        raise self._unwritable(column, place, fields, problem) from None
            raise

    def _record(self, name: str, columns: Sequence[Column]) -> bytes:
        """The header or trailer record; nothing when the layout has none."""
        if not columns:
            return b""
        facts = self._facts
        values: dict[str, Any] = {
            "": None,
            "council": facts.council,
            "run_reference": facts.run_reference,
            "created_on": facts.created_on,
            "line_count": facts.line_count,
            **{field: getattr(self.totals, field) for field in Totals.__slots__},
            "net_pence": facts.net_pence,
        }
        cells = []
        for column in columns:
            try:
                cells.append(total_for(self.layout, column, values[column.source]))
            except CellRefused as refusal:
                raise CellUnwritable(
                    f"The {name} cannot be written: column “{column.heading}” {refusal} "
                    f"Change the column in the layout “{self.layout.name}”.",
                    record=name,
                    column=column.heading,
                ) from None
        return self._encoded([cells], columns, None)

    def _check(self) -> None:
        facts, net = self._facts, self.totals.net_pence
        if (self._line_count, net) != (facts.line_count, facts.net_pence):
            raise TotalsDisagree(
                f"The ledger has {facts.line_count:,} lines of {format_pounds(facts.net_pence)} to "
                f"send, but {self._line_count:,} lines of {format_pounds(net)} were read. "
                "Nothing was sent. Try again, and call support if it happens twice.",
                ledger_lines=facts.line_count,
                file_lines=self._line_count,
            )


def _named(batch: Batch) -> Fields:
    return dict(zip(LedgerRow._fields, batch, strict=True))


def _unencodable(text: str, encoding: str) -> str:
    """The first character that the encoding does not have, or nothing."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        return text[error.start]
    return ""
