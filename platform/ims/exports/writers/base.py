"""The port: what a kind of file must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TextIO

from ims.exports.layout import Column, Layout

Cutter = Callable[[Sequence[str]], Sequence[str]]


class Codec(Protocol):
    """Records of cells to text and back. A record is cut into cells only once its kind is known."""

    def __init__(self, layout: Layout) -> None: ...

    def join(self, records: Iterable[Sequence[str]]) -> str:
        """The text of the records, each with its line ending."""
        ...

    def split(self, text: TextIO) -> Iterator[Sequence[str]]:
        """Each record of a file, uncut. Raises FileUnreadable when it cannot tell them apart."""
        ...

    def cutter(self, columns: Sequence[Column]) -> Cutter:
        """A function from a record to its cells, for records with these columns.

        The function raises ValueError, saying why, when a record does not have those columns.
        """
        ...
