"""What came of a dump, in words: carried, carried otherwise, not carried, and what to do next."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from ims_kernel.spreadsheets import one_line

_MARKS = re.compile(r"([\\`*_\[\]<>|#])")
NOTHING = "Nothing."


class Note(NamedTuple):
    """One thing a person must know: the old table, the key in it, and what and why."""

    table: str
    key: str
    words: str


@dataclass(slots=True)
class Report:
    """Filled while a dump is turned into settings."""

    read: dict[str, int] = field(default_factory=dict)
    carried: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    left: list[Note] = field(default_factory=list)
    otherwise: list[Note] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    def leave(self, table: str, key: str, words: str) -> None:
        """Something of the dump is not in the file."""
        self.left.append(_note(table, key, words))

    def change(self, table: str, key: str, words: str) -> None:
        """Something is in the file otherwise than it was, or by a guess: somebody must look."""
        self.otherwise.append(_note(table, key, words))

    def counts(self) -> list[tuple[str, int, int]]:
        """(table, rows read, rows carried) of each table of the dump that makes settings."""
        return [
            (table, count, len(self.carried.get(table, ()))) for table, count in self.read.items()
        ]

    def sections(self) -> list[tuple[str, list[str]]]:
        """Headings with their lines, of all but the counts."""
        return [
            ("Not carried", [_said(note) for note in self.left]),
            ("Carried otherwise: look at these", [_said(note) for note in self.otherwise]),
            ("Never carried", self.never),
            ("Files", self.files),
            ("What to do next", self.steps),
        ]


def _note(table: str, key: str, words: str) -> Note:
    return Note(table, one_line(key)[:60], one_line(words))


def _said(note: Note) -> str:
    return f"{note.table} {note.key}: {note.words}" if note.key else f"{note.table}: {note.words}"


def lines_of(report: Report) -> list[str]:
    """The report for a terminal."""
    lines = [f"{'Table':<34}{'rows':>8}{'carried':>10}"]
    lines += [f"{table:<34}{read:>8,}{kept:>10,}" for table, read, kept in report.counts()]
    for heading, found in report.sections():
        lines += ["", f"{heading} ({len(found):,})"]
        lines += [f"  {each}" for each in found] or [f"  {NOTHING}"]
    return lines


def markdown_of(report: Report) -> str:
    """The report as a page. Text of the dump cannot become a heading, a link or HTML."""
    lines = ["# From LocalGov IMS", "", "| table | rows | carried |", "|---|---|---|"]
    lines += [f"| {table} | {read:,} | {kept:,} |" for table, read, kept in report.counts()]
    for heading, found in report.sections():
        lines += ["", f"## {heading}", ""]
        lines += ["- " + _MARKS.sub(r"\\\1", each) for each in found] or [NOTHING]
    return "\n".join(lines) + "\n"
