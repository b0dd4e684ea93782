"""A Layout from a plain dict (JSON in the database, TOML in this folder), checked as a whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ims.exports.definition import Part
from ims.exports.errors import LayoutInvalid
from ims.exports.layout import (
    AMOUNT_SOURCES,
    DATE_PATTERNS,
    DATE_SOURCES,
    DELIMITERS,
    ENCODINGS,
    GROUPABLE,
    HEADER_SOURCES,
    LINE_ENDINGS,
    NUMBER_SOURCES,
    TEXT_SOURCES,
    TRAILER_SOURCES,
    Column,
    Contra,
    Format,
    Grain,
    Kind,
    Layout,
    Overflow,
    Side,
    SignRule,
    SignStyle,
)
from ims.exports.layout_rules import problems_of
from ims.exports.rows import LedgerRow

SHIPPED = Path(__file__).parent / "layouts"
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
_EXTENSION = re.compile(r"[a-z0-9]{1,5}", re.ASCII)

_ROW_TEXTS = TEXT_SOURCES.intersection(LedgerRow._fields)
_ROW_SOURCES: Mapping[str, tuple[Format, ...]] = MappingProxyType(
    dict.fromkeys(TEXT_SOURCES, (Format.TEXT,))
    | dict.fromkeys(DATE_SOURCES, (Format.DATE,))
    | dict.fromkeys(AMOUNT_SOURCES, (Format.POUNDS, Format.PENCE))
    | dict.fromkeys(NUMBER_SOURCES, (Format.NUMBER,))
)


def shipped_definitions() -> list[dict[str, object]]:
    """The definitions that come with the product, by file name."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(SHIPPED.glob("*.toml"))]


def read_layout(definition: Mapping[str, object]) -> Layout:
    """The layout a definition describes.

    Raises LayoutInvalid with every problem found, each naming its column.
    """
    problems: list[str] = []
    part = Part(definition, "The layout", problems)
    layout = Layout(
        code=part.text("code"),
        name=part.text("name"),
        kind=part.choice("kind", Kind, Kind.DELIMITED),
        grain=part.choice("grain", Grain, Grain.DETAIL),
        group_by=_fields(part, "group_by"),
        encoding=part.one_of("encoding", ENCODINGS, "utf-8"),
        line_ending=LINE_ENDINGS[part.one_of("line_ending", LINE_ENDINGS, "crlf")],
        delimiter=DELIMITERS[part.one_of("delimiter", DELIMITERS, "comma")],
        quote_always=part.flag("quote_always", default=False),
        headings=part.flag("headings", default=definition.get("kind") != Kind.FIXED_WIDTH),
        sign_rule=part.choice("sign_rule", SignRule, SignRule.DEBIT_POSITIVE),
        record_type=part.text("record_type"),
        contra_record_type=part.text("contra_record_type"),
        extension=part.text("extension", "csv"),
        columns=tuple(_column(item, _ROW_SOURCES) for item in part.parts("columns", "Column")),
        header=_record(part, "header", HEADER_SOURCES),
        trailer=_record(part, "trailer", TRAILER_SOURCES),
        contra=_contra(part) if part.has("contra") else None,
    )
    if not _CODE.fullmatch(layout.code):
        part.problem(
            "needs a “code” of small letters, digits and hyphens, such as general-journal."
        )
    if not layout.name.strip():
        part.problem("needs a “name”.")
    if not _EXTENSION.fullmatch(layout.extension):
        part.problem("needs an “extension” of one to five letters or digits, such as csv.")
    part.close()
    problems.extend(problems_of(layout))
    if problems:
        raise LayoutInvalid(layout.name or layout.code, tuple(dict.fromkeys(problems)))
    return layout


def _record(part: Part, key: str, sources: Mapping[str, Format]) -> tuple[Column, ...]:
    allowed = {
        name: (Format.POUNDS, Format.PENCE) if kind is Format.PENCE else (kind,)
        for name, kind in sources.items()
    }
    return tuple(_column(item, allowed) for item in part.parts(key, f"{key.title()} column"))


def _column(part: Part, sources: Mapping[str, tuple[Format, ...]]) -> Column:
    constant = part.text("constant") if part.has("constant") else None
    source = part.text("source")
    if (constant is None) == (not source):
        part.problem("needs either a “source” or a “constant”, and not both.")
    formats = sources.get(source, (Format.TEXT,))
    if source and source not in sources:
        part.problem(f"takes “{source}”. Use one of: {', '.join(sorted(sources))}.")
    column = Column(
        heading=part.text("heading"),
        source=source,
        constant=constant,
        format=part.choice("format", Format, formats[0]),
        pattern=part.one_of("pattern", DATE_PATTERNS, "YYYY-MM-DD"),
        side=part.choice("side", Side, Side.SIGNED),
        sign=part.choice("sign", SignStyle, SignStyle.MINUS),
        width=part.width("width"),
        align=part.one_of("align", ("left", "right"), "left"),
        pad=part.one_of("pad", (" ", "0"), " "),
        required=part.flag("required", default=False),
        overflow=part.choice("overflow", Overflow, Overflow.REFUSE),
    )
    if not column.heading.strip():
        part.problem("needs a “heading”.")
    if column.format not in formats:
        wanted = " or ".join(formats)
        part.problem(f"has the format “{column.format}”, but “{source}” is written as {wanted}.")
    part.close()
    return column


def _contra(part: Part) -> Contra:
    inner = part.part("contra", "The contra rule")
    group_by = _fields(inner, "group_by")
    contra = Contra(
        group_by=group_by,
        ledger_code=inner.one_of(
            "ledger_code", ("method_ledger_code", "fund_ledger_code"), "method_ledger_code"
        ),
        values=_contra_values(inner.part("values", "The contra rule's values"), group_by),
    )
    if contra.ledger_code not in contra.group_by:
        inner.problem(f"must group by “{contra.ledger_code}”, the account it posts to.")
    inner.close()
    return contra


def _contra_values(part: Part, group_by: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    values = []
    for name, value in part.items():
        if name in group_by or name not in _ROW_TEXTS or not isinstance(value, str):
            part.problem(f"has “{name}”, which is not a text field of a line that can be set.")
        else:
            values.append((name, value))
    return tuple(values)


def _fields(part: Part, key: str) -> tuple[str, ...]:
    names = part.texts(key)
    for name in names:
        if name not in GROUPABLE:
            part.problem(f"groups by “{name}”. Use any of: {', '.join(sorted(GROUPABLE))}.")
    if len(set(names)) != len(names):
        part.problem(f"names a field twice in “{key}”.")
    return tuple(name for name in names if name in GROUPABLE)
