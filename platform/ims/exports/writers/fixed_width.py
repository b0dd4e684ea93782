"""Values at fixed places, each record as long as the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TextIO

from ims.exports.layout import Column, Layout


class FixedWidth:
    """Cells come padded to their width, so a record is the cells one after another."""

    def __init__(self, layout: Layout) -> None:
        self._ending = layout.line_ending

    def join(self, records: Iterable[Sequence[str]]) -> str:
        ending = self._ending
        lines = list(map("".join, records))
        lines.append("")
        return ending.join(lines)

    def split(self, text: TextIO) -> Iterator[Sequence[str]]:
        for line in text:
            yield (line,)

    def pick(
        self, records: Sequence[Sequence[str]], columns: Sequence[Column], places: Sequence[int]
    ) -> list[list[str]]:
        ends = list(accumulate((column.width or 0 for column in columns), initial=0))
        lines = [record[0] for record in records]
        length = slice(ends[-1], None)
        if {line[length] for line in lines} - {self._ending}:
            raise ValueError(f"it is not {ends[-1]} characters long")
        slices = [slice(ends[place], ends[place + 1]) for place in places]
        return [[line[there] for line in lines] for there in slices]
