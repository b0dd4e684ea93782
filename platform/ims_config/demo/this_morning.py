"""Writes this morning's bank file of a council. The same on every run of the same day."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from ims_config.demo.bank_files import BankLine, Written
from ims_config.demo.bank_lines import bank_lines
from ims_config.demo.councils import DemoCouncil

LINES = 1_180
# Lines of the CSV that get a date no bank day has, as when a spreadsheet touched the file.
_NO_SUCH_DAY, _NO_DATE, _NIL = 211, 640, 905


def file_name(council: DemoCouncil, day: date) -> str:
    """What the council calls the file of a day."""
    return council.morning.file_name.format(day=f"{day:%Y-%m-%d}")


def write_statement(
    council: DemoCouncil, folder: Path, *, day: date, lines: int = LINES
) -> tuple[Path, Written]:
    """Write the file of a day into a folder; returns its path and what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(council, day)
    rows = bank_lines(council, on=day, count=lines)
    has_bad_rows = council.morning.has_bad_rows and lines > _NIL
    if has_bad_rows:
        rows[_NIL] = BankLine(day, 0, rows[_NIL].payer, rows[_NIL].reference)
    written = council.morning.write(path, rows, day)
    if has_bad_rows:
        _spoil(path, {_NO_SUCH_DAY: f"31/02/{day.year}", _NO_DATE: ""})
    return path, written


def _spoil(path: Path, dates: dict[int, str]) -> None:
    """Give some lines another date, by their number; everything else stays as it was."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for number, text in dates.items():
        rows[number][0] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
