"""Values with a delimiter between them (RFC 4180 when the delimiter is a comma)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from ims.exports.errors import FileUnreadable
from ims.exports.layout import Column, Layout


class Delimited:
    """Quotes a value that holds the delimiter or a quote, or every value if the layout says so."""

    def __init__(self, layout: Layout) -> None:
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(
            self._buffer,
            delimiter=layout.delimiter,
            lineterminator=layout.line_ending,
            quoting=csv.QUOTE_ALL if layout.quote_always else csv.QUOTE_MINIMAL,
        )
        self._delimiter = layout.delimiter

    def join(self, records: Iterable[Sequence[str]]) -> str:
        self._writer.writerows(records)
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text

    def split(self, text: TextIO) -> Iterator[Sequence[str]]:
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            raise FileUnreadable(
                f"Line {reader.line_num} of the file cannot be read back: {error}. "
                "Do not send the file; make it again.",
                line=reader.line_num,
            ) from error

    def pick(
        self, records: Sequence[Sequence[str]], columns: Sequence[Column], places: Sequence[int]
    ) -> list[list[str]]:
        wanted = len(columns)
        if odd := set(map(len, records)) - {wanted}:
            raise ValueError(f"it has {min(odd)} values in place of {wanted}")
        return [[record[place] for record in records] for place in places]
