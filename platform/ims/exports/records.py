"""Ledger file formats as settings: a shipped format, and its definition as text to change.

What each field means is written for councils in docs/reference/settings-records.md.
"""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w

from ims.exports.errors import LayoutInvalid
from ims.exports.layout_reading import read_layout, shipped_definitions
from ims.exports.models import ExportLayout
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Choice, Plain, Text, Values
from ims_kernel.records.kinds import Kind

# What the record itself says, so that the definition cannot say otherwise.
_OF_THE_RECORD = frozenset({"code", "name"})
Definition = dict[str, object]


class DefinitionText(Text):
    """A definition as TOML, kept in one way of writing it, without comments."""

    def _clean(self, value: Plain) -> Plain:
        text = super()._clean(value)
        try:
            return _as_text(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise self.refused(
                f"The definition cannot be read as TOML: {error}. Put that right, or choose a "
                "shipped format and leave the definition empty."
            ) from error


def _as_text(definition: Definition) -> str:
    kept = {name: value for name, value in definition.items() if name not in _OF_THE_RECORD}
    return tomli_w.dumps(_in_order(kept)).strip()


def _in_order(value: Any) -> Any:
    """Names sorted, a heading first: the database does not keep the order they were written in."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (name != "heading", name))
        return {name: _in_order(value[name]) for name in names}
    return [_in_order(each) for each in value] if isinstance(value, list) else value


def _shipped() -> dict[str, Definition]:
    return {str(definition["code"]): definition for definition in shipped_definitions()}


def _with_columns(definition: Definition) -> str:
    """A shipped format for a list to choose from: its name, and the columns of its file."""
    layout = read_layout(definition)
    return f"{layout.name}: {', '.join(column.heading for column in layout.columns)}"


def _definition(values: Values) -> Definition:
    """The whole definition: what is written, or else the shipped format's."""
    own = {"code": values["code"], "name": values["name"]}
    if values["definition"]:
        return {**own, **tomllib.loads(values["definition"])}
    return {**_shipped()[values["shipped_code"]], **own}


def check_format(after: Values, _before: Values | None) -> None:
    """The definition describes a file that can be written."""
    if not after["definition"] and not after["shipped_code"]:
        raise RecordRefused(
            "Choose a shipped format to start from, or write a definition.", field="shipped_code"
        )
    try:
        read_layout(_definition(after))
    except LayoutInvalid as error:
        raise RecordRefused(error.message, field="definition") from error


def load_format(layout: ExportLayout) -> Values:
    """The definition as text; empty while it is the shipped one, so that files are short."""
    text = _as_text(layout.definition)
    shipped = _shipped().get(layout.shipped_code)
    return {"definition": "" if shipped and text == _as_text(shipped) else text}


def store_format(layout: ExportLayout, values: Values) -> None:
    """Write a format. A changed definition is a new version; files made before keep theirs."""
    definition = _definition(values)
    if layout.pk is not None and layout.definition != definition:
        layout.version += 1
    layout.code, layout.name = values["code"], values["name"]
    layout.shipped_code, layout.definition = values["shipped_code"], definition
    layout.save()


LEDGER_FORMATS = Kind(
    slug="ledger-formats",
    singular="ledger format",
    plural="ledger formats",
    sentence="A ledger format is how the file for your finance system is written.",
    section="Imports and exports",
    model=ExportLayout,
    change="exports.configure",
    order=100,
    check=check_format,
    load=load_format,
    store=store_format,
    fields=(
        Text(
            name="code",
            label="Code",
            hint="Small letters, digits and hyphens. It cannot be changed later.",
            max_length=40,
            pattern="[a-z][a-z0-9-]{1,39}",
            pattern_words="a small letter, then small letters, digits or hyphens",
            fixed=True,
        ),
        Text(name="name", label="Name", max_length=100),
        Choice(
            name="shipped_code",
            label="Shipped format it starts from",
            options=tuple((code, _with_columns(each)) for code, each in _shipped().items()),
            optional=True,
            fixed=True,
        ),
        DefinitionText(
            name="definition",
            label="Definition",
            hint=(
                "Only to write the file in another way than the shipped format: columns, header, "
                "trailer and signs as TOML. Files that are made already do not change."
            ),
            max_length=30_000,
            multiline=True,
            optional=True,
        ),
    ),
)

KINDS = (LEDGER_FORMATS,)
