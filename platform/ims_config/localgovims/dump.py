"""Reading the CSV files of a dump: one a table, named as the table, the first line its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ims_config.localgovims.cells import Row
from ims_config.localgovims.errors import NotAFolder, TableMissing, TableUnreadable
from ims_config.localgovims.tables import COLUMNS, NEEDED, NEVER

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Dump:
    """The tables of a dump that we read, by name, and the names of the other files."""

    tables: dict[str, list[Row]]
    never: list[str]
    strange: list[str]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table in file order; none when the dump has no such file."""
        return self.tables.get(table, [])

    @property
    def absent(self) -> list[str]:
        """The tables we would read and the dump does not have."""
        return [name for name in COLUMNS if name not in self.tables]


def read_dump(folder: Path) -> Dump:
    """The dump in a folder.

    Raises NotAFolder, TableMissing, TableUnreadable, and CellUnusable later, when a row is asked.
    """
    if not folder.is_dir():
        raise NotAFolder(
            f"There is no folder at {folder}. Name the folder with the CSV files of the dump."
        )
    known = {name.casefold(): name for name in (*COLUMNS, *NEVER)}
    tables: dict[str, list[Row]] = {}
    never, strange = [], []
    for path in sorted(folder.glob("*.[cC][sS][vV]")):
        name = known.get(path.stem.casefold().removeprefix("dbo."))
        if name is None:
            strange.append(path.name)
        elif name in NEVER:
            never.append(name)
        elif name in tables:
            raise TableUnreadable(
                f"{path.name}: another file of the folder is table {name} too. Leave one of them.",
                file=path.name,
            )
        else:
            tables[name] = list(_rows(path, name))
    for name in NEEDED:
        if name not in tables:
            raise TableMissing(
                f"There is no {name}.csv in {folder}. A council's funds, methods of payment and "
                f"VAT codes are needed. Write table {name} into that file and try again.",
                table=name,
            )
    return Dump(tables, never, strange)


def _rows(path: Path, table: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        columns = [name.strip().casefold() for name in next(reader, [])]
        _refuse_columns(path, table, columns)
        for count, cells in enumerate(reader, start=1):
            if count > MAX_ROWS:
                raise _unreadable(path, f"it has more than {MAX_ROWS:,} rows. That is no setting.")
            if not cells:
                continue
            if len(cells) != len(columns):
                raise _unreadable(
                    path,
                    f"line {reader.line_num} has {len(cells)} cells and the first line "
                    f"{len(columns)}. Put text that holds a comma in quotes.",
                )
            yield Row(table, path.name, reader.line_num, dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise _unreadable(path, f"line {reader.line_num} is not CSV: {error}.") from None


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise _unreadable(path, "it is larger than 10 MB. A table of settings is far smaller.")
    data = path.read_bytes()
    if b"\0" in data:
        raise _unreadable(
            path, "it holds NUL bytes, as UTF-16 text does. Save it as UTF-8 and try again."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(
            path,
            f"line {line} is not UTF-8; it may be Windows-1252. Save it as UTF-8 and try again.",
        ) from None


def _refuse_columns(path: Path, table: str, columns: list[str]) -> None:
    missing = [name for name in COLUMNS[table] if name.casefold() not in columns]
    if missing:
        raise _unreadable(
            path,
            f"the first line does not name the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}. Write the table with its column names, separated by commas.",
        )
    if len(set(columns)) != len(columns):
        raise _unreadable(path, "the first line names a column twice.")


def _unreadable(path: Path, words: str) -> TableUnreadable:
    return TableUnreadable(f"{path.name}: {words}", file=path.name)
