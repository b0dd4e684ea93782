"""Where in a TOML file a value stands, so that a refusal can name its line. No Django.

The standard library's reader forgets lines. Tables of a configuration file are flat, so the headers
tell where each begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADER = re.compile(r"""\s*(\[\[?)\s*([A-Za-z0-9_.\-"']+)\s*\]""")


def line_of(text: str, table: str, number: int, *path: str | int) -> int:
    """The line (from 1) of the `number`th record of a table, or of what stands in it.

    `path` is a field, or a field, a row (from 1) and its column. What cannot be found gives the
    nearest line above it: the row's, the field's, the record's, or 1.
    """
    start, end = _record(text, table, number)
    if not start or not path:
        return start or 1
    field, row, column = [*map(str, path), "", ""][:3]
    begun = _row(text, f"{table}.{field}", int(row or 0), (start, end))
    if begun:
        return (_assignment(text, column, begun, end) if column else 0) or begun
    return _assignment(text, field, start, end) or start


def _record(text: str, table: str, number: int) -> tuple[int, int]:
    """(first line, line after the last) of a record; (0, 0) when it is not there."""
    seen = start = 0
    for line, header in _headers(text):
        if header == table:
            if start:
                return start, line
            seen += 1
            start = line if seen == number else 0
        elif start and not header.startswith(f"{table}."):
            return start, line
    return start, len(text.splitlines()) + 1 if start else 0


def _row(text: str, wanted: str, number: int, within: tuple[int, int]) -> int:
    start, end = within
    rows = [line for line, header in _headers(text) if start < line < end and header == wanted]
    return rows[number - 1] if 0 < number <= len(rows) else 0


def _assignment(text: str, name: str, start: int, end: int) -> int:
    wanted = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    for line, words in _lines(text):
        if start <= line < end and wanted.match(words):
            return line
    return 0


def _headers(text: str) -> Iterator[tuple[int, str]]:
    for line, words in _lines(text):
        if match := _HEADER.match(words):
            yield line, match[2].replace('"', "").replace("'", "")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line that does not begin inside a text of several lines."""
    inside = ""
    for line, words in enumerate(text.splitlines(), start=1):
        if not inside:
            yield line, words
        for mark in ('"""', "'''"):
            if inside in ("", mark) and words.count(mark) % 2:
                inside = "" if inside else mark
