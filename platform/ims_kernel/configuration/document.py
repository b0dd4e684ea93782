"""Reading a configuration file: which schema, whose council, which tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ims_kernel.configuration.errors import (
    FileRefused,
    FileUnreadable,
    OtherCouncil,
    WrongSchema,
)
from ims_kernel.configuration.places import line_of
from ims_kernel.records.fields import Values

SCHEMA = 1
MAX_BYTES = 5 * 1024 * 1024
_HEAD = ("schema", "written_out_of")


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration file: `tables` are records by the slug of their kind, in file order.

    `council` is the council it was written out of; empty for a starter pack, which fits any.
    """

    text: str
    council: str
    tables: Mapping[str, list[Values]]

    def refused(self, message: str, table: str, number: int, *path: str | int) -> FileRefused:
        """The error for a place in the file: it names the line, the record and the field."""
        line = line_of(self.text, table, number, *path)
        field = f", {path[0]}" if path else ""
        return FileRefused(
            f"Line {line}, {table} {number}{field}: {message}",
            line=line,
            table=table,
            number=number,
            field=str(path[0]) if path else "",
            words=message,
        )


def read(data: bytes) -> Document:
    """The document in a file. Raises FileUnreadable, WrongSchema or FileRefused.

    What a table may hold is not looked at here: applying it does.
    """
    if len(data) > MAX_BYTES:
        raise FileUnreadable("The file is larger than 5 MB. A configuration file is far smaller.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        given = tomllib.loads(text)
    except UnicodeDecodeError:
        raise FileUnreadable(
            "The file is not UTF-8 text. Save it as UTF-8 and try again."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise FileUnreadable(f"The file is not TOML: {error}. Correct that line.") from None
    except RecursionError:
        raise FileUnreadable("The file has tables inside tables without end.") from None
    return document(given, text)


def document(given: Mapping[str, Any], text: str = "") -> Document:
    """The document of tables read already."""
    _check_schema(given)
    council = given.get("written_out_of", "")
    if not isinstance(council, str):
        raise FileRefused("Line 1: written_out_of must be the council's name, in quotes.", line=1)
    tables: dict[str, list[Values]] = {}
    for name, value in given.items():
        if name not in _HEAD:
            tables[name] = _records(text, name, value)
    return Document(text, council, tables)


def _check_schema(given: Mapping[str, Any]) -> None:
    schema = given.get("schema")
    if schema is None:
        raise WrongSchema(
            f"The file does not say its schema. Its first line must be `schema = {SCHEMA}`."
        )
    if schema != SCHEMA or isinstance(schema, bool):
        age = "an older" if isinstance(schema, int) and schema < SCHEMA else "another"
        raise WrongSchema(
            f"The file is written in {age} schema, {schema}. This service reads schema {SCHEMA}. "
            "Export the file again from a council of this service, or bring it up to date with "
            "docs/reference/configuration-file.md.",
            schema=str(schema),
        )


def _records(text: str, name: str, value: Any) -> list[Values]:
    records = [value] if isinstance(value, dict) else value
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        line = line_of(text, name, 1)
        raise FileRefused(
            f"Line {line}: {name} must be a table, [{name}] or [[{name}]].", line=line
        )
    return [dict(each) for each in records]


def check_council(found: Document, name: str) -> None:
    """Refuse a file written out of another council. Raises OtherCouncil."""
    if found.council and found.council != name:
        raise OtherCouncil(
            f"This file was written out of {found.council}, and this council is {name}. If you "
            "mean to carry its settings over, take out the line that begins `written_out_of =`.",
            council=found.council,
        )
