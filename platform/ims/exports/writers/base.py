"""The port: what a kind of file must be able to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TextIO

from ims.exports.layout import Column, Layout


class Codec(Protocol):
    """Records of cells to text and back. A record is cut only once its kind is known."""

    def __init__(self, layout: Layout) -> None: ...

    def join(self, records: Iterable[Sequence[str]]) -> str:
        """The text of the records, each with its line ending."""
        ...

    def split(self, text: TextIO) -> Iterator[Sequence[str]]:
        """Each record of a file, uncut. Raises FileUnreadable when it cannot tell them apart."""
        ...

    def pick(
        self, records: Sequence[Sequence[str]], columns: Sequence[Column], places: Sequence[int]
    ) -> list[list[str]]:
        """For each place in `columns`, the cells of all the records there.

        Raises ValueError, saying why, when any of the records does not have those columns.
        """
        ...
