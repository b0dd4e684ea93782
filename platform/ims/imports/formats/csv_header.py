"""Which layout a CSV's first lines have, and how a near miss differs."""

from __future__ import annotations

import csv
import re

from ims.imports.formats.csv_layouts import LAYOUTS, Layout
from ims.imports.formats.errors import HeaderChanged, TooManyColumns
from ims.imports.formats.fields import tidy

MOST_COLUMNS = 100
# Lines looked at for a headerless shape: the first may be the damaged one.
_SHAPE_LINES = 10
_CELL = 60

_SORT_CODE = re.compile(r"'?\d{2}-?\d{2}-?\d{2}", re.ASCII)
_ACCOUNT = re.compile(r"'?\d{8}", re.ASCII)
_DATE = re.compile(r"\d{1,2}(/\d{1,2}/|[ -][A-Za-z]{3}[ -])\d{4}", re.ASCII)


def split_line(line: str) -> list[str]:
    """The cells of one line. Never raises: an unreadable line is one cell."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return [line]


def header_names(cells: list[str]) -> list[str]:
    """Header cells as written but tidied, without the empty ones a trailing comma makes."""
    names = [tidy(cell.strip("'\ufeff"), _CELL) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def is_header(layout: Layout, cells: list[str]) -> bool:
    """Whether the cells are exactly this layout's header; case and padding do not matter."""
    return layout.has_header and _folded(header_names(cells)) == _folded(list(layout.columns))


def has_shape(layout: Layout, lines: list[str]) -> bool:
    """Whether one of the first lines has the shape of a layout without a header (Bankline)."""
    if layout.has_header:
        return False
    rows = [split_line(line[:2000]) for line in lines[:_SHAPE_LINES]]
    at = layout.columns.index(layout.date)
    return any(
        len(cells) == len(layout.columns)
        and _SORT_CODE.fullmatch(cells[0].strip())
        and _ACCOUNT.fullmatch(cells[1].strip())
        and _DATE.fullmatch(cells[at].strip())
        for cells in rows
    )


def refuse_near_miss(cells: list[str], layouts: tuple[Layout, ...] = LAYOUTS) -> None:
    """Raises HeaderChanged when the cells are nearly a known header, TooManyColumns when absurd."""
    names = header_names(cells)
    if len(names) > MOST_COLUMNS:
        raise TooManyColumns(len(names), MOST_COLUMNS)
    found = set(_folded(names))
    nearest, likeness = None, 0.5
    for layout in layouts:
        wanted = set(_folded(list(layout.columns)))
        share = len(found & wanted) / len(found | wanted)
        if layout.has_header and share >= likeness:
            nearest, likeness = layout, share
    if nearest is not None:
        known = set(_folded(list(nearest.columns)))
        raise HeaderChanged(
            nearest.name,
            missing=[name for name in nearest.columns if name.casefold() not in found],
            unknown=[name or "(no name)" for name in names if name.casefold() not in known],
        )


def _folded(names: list[str]) -> list[str]:
    return [name.casefold() for name in names]
