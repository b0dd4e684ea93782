"""Writing the council's settings as a configuration file, and the schema of such files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomli_w

from ims_kernel.configuration.document import SCHEMA
from ims_kernel.records.fields import (
    Field,
    Link,
    Links,
    Picture,
    Rows,
    Secret,
    Values,
    object_schema,
)
from ims_kernel.records.kinds import Kind, all_kinds
from ims_kernel.records.selectors import export_all

SCHEMA_ID = "https://localgov-ims.example/schemas/configuration-1.json"


def file_kinds() -> list[Kind]:
    """The kinds of record a file holds, each after those its links lead to."""
    waiting = {kind.slug: kind for kind in all_kinds() if kind.in_files}
    ordered: list[Kind] = []

    def place(kind: Kind) -> None:
        for slug in _links(kind.fields):
            if slug in waiting:
                place(waiting.pop(slug))
        ordered.append(kind)

    while waiting:
        place(waiting.pop(next(iter(waiting))))
    return ordered


def _links(fields: tuple[Field, ...]) -> Iterator[str]:
    for each in fields:
        if isinstance(each, (Link, Links)):
            yield each.to
        elif isinstance(each, Rows):
            yield from _links(each.fields)


def tables() -> dict[str, list[Values]]:
    """Every setting of the council at hand, by kind."""
    return {kind.slug: [_kept(kind, v) for v in export_all(kind)] for kind in file_kinds()}


def write(council: str, found: dict[str, list[Values]] | None = None) -> str:
    """The settings as TOML text. Credentials, pictures and people are never in it."""
    head: dict[str, Any] = {"schema": SCHEMA}
    if council:
        head["written_out_of"] = council
    parts = [tomli_w.dumps(head)]
    settings = tables() if found is None else found
    for kind in file_kinds():
        parts += [_record(kind, values) for values in settings.get(kind.slug, [])]
    return "\n".join(parts)


def _record(kind: Kind, values: Values) -> str:
    """One record under its heading.

    Short ones too: tomli_w writes those in one line, which after a heading belongs to what is
    above it.
    """
    body: Any = values if kind.single else [values]
    text = tomli_w.dumps({kind.slug: body}, multiline_strings=True)
    if text.startswith("["):
        return text
    return f"[[{kind.slug}]]\n{tomli_w.dumps(values, multiline_strings=True)}"


def _kept(kind: Kind, values: Values) -> Values:
    """The values a file needs: not credentials, and not what a new record begins with anyway."""
    kept = {}
    for name, value in values.items():
        each = kind.by_name.get(name)
        if isinstance(each, (Secret, Picture)) or value is None:
            continue
        left_out = each is not None and each.optional and value == each.start
        if left_out and not kind.single and name != kind.key:
            continue
        kept[name] = value
    return kept


def json_schema() -> dict[str, Any]:
    """The JSON Schema of configuration files, made from the kinds themselves."""
    properties: dict[str, Any] = {
        "schema": {"const": SCHEMA, "description": "The version of this schema."},
        "written_out_of": {"type": "string", "description": "The council it was written out of."},
    }
    for kind in file_kinds():
        properties[kind.slug] = _table(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "LocalGov IMS configuration file",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema"],
        "properties": properties,
    }


def _table(kind: Kind) -> dict[str, Any]:
    fields = tuple(each for each in kind.fields if not isinstance(each, (Secret, Picture)))
    one = object_schema(fields)
    if kind.single:
        # What the file leaves out stays as it is.
        return {**one, "required": [], "description": kind.sentence}
    one["properties"]["is_active"] = {"type": "boolean", "description": "False when retired."}
    return {"type": "array", "items": one, "description": kind.sentence}
