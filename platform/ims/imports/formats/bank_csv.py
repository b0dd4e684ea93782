"""The bank CSV format: one reader for every layout in csv_layouts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from ims.imports.formats import base
from ims.imports.formats.base import Controls, ParsedRow, Reading, Row
from ims.imports.formats.csv_header import (
    has_shape,
    is_header,
    refuse_near_miss,
    split_line,
)
from ims.imports.formats.csv_layouts import Layout
from ims.imports.formats.csv_lines import LineReader
from ims.imports.formats.errors import FileHasNoLines, LineTooLong, NotThisFormat, QuoteNotClosed
from ims.imports.formats.fields import tidy
from ims.imports.formats.file_text import binary_kind, decode_head, open_text

_HEAD_CHARACTERS = 65_536
_LINE_END = re.compile(r"\r\n|\r|\n")
# A line of nothing but these is blank.
_NOTHING = " ,\t'\x00"


class BankCsv:
    """An ImportFormat for one bank's CSV."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.code = layout.code
        self.name = layout.name

    def sniff(self, head: bytes) -> bool:
        """Whether the first line is this bank's header, or the lines have its shape."""
        if binary_kind(head):
            return False
        lines = first_lines(decode_head(head))
        if not lines:
            return False
        return is_header(self.layout, split_line(lines[0])) or has_shape(self.layout, lines)

    def parse(self, stream: BinaryIO) -> Reading:
        """The file's rows. Iterating raises FileRefused when the file as a whole is wrong."""
        statements: list[Controls] = []
        return Reading(self._rows(stream, statements), statements)

    def dedupe_key(self, row: ParsedRow) -> str:
        """See base.dedupe_key."""
        return base.dedupe_key(row)

    def _rows(self, stream: BinaryIO, statements: list[Controls]) -> Iterator[Row]:
        text = open_text(stream)
        try:
            self._refuse_other_files(text)
            yield from self._lines(text, statements)
        finally:
            text.detach()

    def _refuse_other_files(self, text: io.TextIOWrapper) -> None:
        """Raises HeaderChanged, TooManyColumns or NotThisFormat; leaves the text at its start."""
        lines = first_lines(text.read(_HEAD_CHARACTERS))
        text.seek(0)
        cells = split_line(lines[0]) if lines else []
        if is_header(self.layout, cells) or has_shape(self.layout, lines):
            return
        refuse_near_miss(cells, (self.layout,))
        raise NotThisFormat(self.name, looks_like(lines))

    def _lines(self, text: io.TextIOWrapper, statements: list[Controls]) -> Iterator[Row]:
        """One row a line. Every line is one record: a quoted line end is a lost quotation mark."""
        # The blank line added at the end is swallowed by a quote left open on the last one.
        records = csv.reader(chain(text, ("\n",)))
        reader = LineReader(self.layout)
        read = reader.read
        line, header, any_row = 0, self.layout.has_header, False
        try:
            for cells in records:
                line += 1
                if records.line_num != line:
                    raise QuoteNotClosed(line)
                if not cells or (
                    not cells[0].strip(_NOTHING) and not "".join(cells).strip(_NOTHING)
                ):
                    continue
                if header:
                    header = False
                    continue
                any_row = True
                yield read(line, cells)
        except csv.Error:
            raise LineTooLong(line + 1) from None
        if not any_row:
            raise FileHasNoLines
        statements += reader.statements()


def first_lines(text: str) -> list[str]:
    """The first lines with something in them."""
    return [line for line in _LINE_END.split(text, 200)[:200] if line.strip(_NOTHING)][:20]


def looks_like(lines: list[str]) -> str:
    """The start of a text, for a message."""
    return f"text starting “{tidy(lines[0], 80)}”" if lines else "blank lines"
