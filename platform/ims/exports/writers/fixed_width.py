"""Values at fixed places, each record as long as the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TextIO

from ims.exports.layout import Column, Layout
from ims.exports.writers.base import Cutter


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

    def cutter(self, columns: Sequence[Column]) -> Cutter:
        ends = list(accumulate((column.width or 0 for column in columns), initial=0))
        places = [slice(start, end) for start, end in pairwise(ends)]
        length, ending = ends[-1], self._ending

        def cut(record: Sequence[str]) -> Sequence[str]:
            line = record[0]
            if line[length:] != ending:
                raise ValueError(f"it is not {length} characters long")
            return [line[place] for place in places]

        return cut
