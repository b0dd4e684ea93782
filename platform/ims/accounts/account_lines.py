"""The lines of an account file, one by one: from bytes to cells, and what refuses the whole file.

Line by line and never as a whole, so that a file of any size takes the same memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from ims.accounts.columns import BY_NAME, NAMES, REQUIRED
from ims.accounts.errors import AccountFileRefused

_LONGEST_LINE = 65_536
_MOST_COLUMNS = 100
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
)
_SAVE_AS = "Save it as “CSV UTF-8 (comma delimited)” and upload it again."
Numbered = tuple[int, list[str]]


def read_header(stream: BinaryIO) -> list[str]:
    """The columns of a file, from its first line. The stream is left where it was found.

    Raises AccountFileRefused for what is no such file: cheap enough to ask while somebody waits.
    """
    place = stream.tell()
    first = next(numbered_rows(stream), None)
    stream.seek(place)
    if first is None:
        raise AccountFileRefused("The file is empty. Make it again from the back-office system.")
    return _checked_header(first[1])


def numbered_rows(stream: BinaryIO) -> Iterator[Numbered]:
    """(number of the line, its cells) of every line that is not blank; the header is line 1.

    Raises AccountFileRefused for bytes that are no UTF-8 text and for a quotation mark that is not
    closed on its line: what follows such a place cannot be told apart.
    """
    reader = csv.reader(_lines(stream), strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _quote(number + 1) from None
        if reader.line_num != number + 1:
            raise _quote(number + 1)
        number = reader.line_num
        if any(cells):
            yield number, cells


def _quote(number: int) -> AccountFileRefused:
    return AccountFileRefused(
        f'Line {number:,} opens a quotation mark (") and does not close it, or has one in the '
        "middle of a cell, so the lines below it cannot be told apart. Correct that line and "
        "upload the file again.",
        line_number=number,
    )


def _lines(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(iter(partial(stream.readline, _LONGEST_LINE), b""), start=1):
        raw = line
        if number == 1:
            _refuse_binary(raw)
            raw = raw.removeprefix(_UTF8_MARK)
        if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
            raise AccountFileRefused(
                f"Line {number:,} is far too long for an account. The line ends may be lost. "
                "Make the file again.",
                line_number=number,
            )
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            raise _not_utf8(number, raw, error.start) from None


def _refuse_binary(head: bytes) -> None:
    kind = next((kind for magic, kind in _KINDS if head.startswith(magic)), "")
    if not kind and head.startswith(_UTF16_MARKS):
        kind = "text in UTF-16"
    if kind:
        raise AccountFileRefused(f"The file is {kind}, not a CSV file. {_SAVE_AS}", kind=kind)


def _not_utf8(number: int, raw: bytes, place: int) -> AccountFileRefused:
    column = raw.count(b",", 0, place) + 1
    try:
        char = raw[place : place + 1].decode("cp1252")
    except UnicodeDecodeError:
        looks = "It may be damaged."
    else:
        looks = f"As Windows text it would be “{char}”."
    return AccountFileRefused(
        f"Line {number:,}, column {column}, is not UTF-8 text. {looks} {_SAVE_AS}",
        line_number=number,
        column=column,
    )


def _checked_header(cells: list[str]) -> list[str]:
    """The names as we write them. Raises AccountFileRefused."""
    if len(cells) > _MOST_COLUMNS:
        raise AccountFileRefused(
            f"The first line has {len(cells):,} columns; an account file has at most {len(NAMES)}. "
            "Choose another file."
        )
    names = ["_".join(cell.strip().lower().split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in BY_NAME]
    twice = sorted({name for name in names if names.count(name) > 1})
    parts = []
    if missing:
        parts.append(f"Missing: {', '.join(missing)}.")
    if unknown:
        parts.append(f"Not known: {', '.join(name[:30] or '(no name)' for name in unknown[:10])}.")
    if twice:
        parts.append(f"There twice: {', '.join(twice[:10])}.")
    if parts:
        raise AccountFileRefused(
            f"Line 1 must name the columns. {' '.join(parts)} The columns are: {', '.join(NAMES)}.",
            line_number=1,
            missing=missing,
        )
    return names
