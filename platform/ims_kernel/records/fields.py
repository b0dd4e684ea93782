"""The fields a setting is made of: each cleans a value, says it in words, and describes itself.

Values are *plain*: text, whole numbers, true or false, None, lists and tables of these. Amounts are
whole pence, rates are basis points, dates are ISO text. The same value goes into a form, a
configuration file, the audit trail and the API. No Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from ims_kernel.errors import ImsError
from ims_kernel.money import MAX_PENCE, format_pounds
from ims_kernel.records.errors import FieldRefused
from ims_kernel.web.contrast import check_accent
from ims_kernel.web.dates import format_date

Plain = Any
Values = dict[str, Plain]
Options = tuple[tuple[str, str], ...]
# Control characters other than a line break: they cannot be seen, and NUL cannot be stored.
_UNSEEN = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a record. `name` is the model's attribute and the key in configuration files."""

    kind: ClassVar[str] = "field"

    name: str
    label: str
    hint: str = ""
    optional: bool = False
    default: Plain = None
    fixed: bool = False  # set when the record is made and never changed after
    heading: str = ""  # starts a new section of the form

    @property
    def empty(self) -> Plain:
        """What stands for “nothing” in this field."""
        return ""

    @property
    def start(self) -> Plain:
        """What a new record begins with."""
        return self.empty if self.default is None else self.default

    def clean(self, value: Plain) -> Plain:
        """The value in the form it is kept. Raises FieldRefused, in words."""
        if value is None or value in ("", []):
            if self.optional:
                return self.empty
            raise self.refused(f"Enter {lower_first(self.label)}.")
        return self._clean(value)

    def words(self, value: Plain) -> str:
        """The value for people; empty text for nothing."""
        return "" if value is None else str(value)

    def json_schema(self) -> dict[str, Any]:
        """The value in JSON Schema (draft 2020-12)."""
        words = f"{self.label}. {self.hint}".strip() if self.hint else f"{self.label}."
        return {**self._schema(), "description": words}

    def refused(self, message: str, **facts: Any) -> FieldRefused:
        """The error for this field."""
        return FieldRefused(message, field=self.name, **facts)

    def _clean(self, value: Plain) -> Plain:
        return value

    def _schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Words. `pattern` must fit the whole text; `pattern_words` says it for people."""

    kind: ClassVar[str] = "text"

    max_length: int = 100
    pattern: str = ""
    pattern_words: str = ""
    multiline: bool = False
    uppercase: bool = False

    def _clean(self, value: Plain) -> Plain:
        if not isinstance(value, str):
            raise self.refused(f"{self.label} must be text.")
        text = value.strip().replace("\r\n", "\n")
        text = text.upper() if self.uppercase else text
        if not text:
            return super().clean("")
        if len(text) > self.max_length:
            raise self.refused(
                f"{self.label} has {len(text)} characters. It may have {self.max_length}."
            )
        if _UNSEEN.search(text) or ("\n" in text and not self.multiline):
            raise self.refused(f"{self.label} holds characters that cannot be seen. Type it again.")
        if self.pattern and re.fullmatch(self.pattern, text) is None:
            raise self.refused(f"{self.label} must be {self.pattern_words}.")
        return text

    def _schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "maxLength": self.max_length}
        if self.pattern:
            # An optional value may be empty, and case is put right when it is read.
            schema["pattern"] = f"^({self.pattern})?$" if self.optional else f"^{self.pattern}$"
        return schema


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few values."""

    kind: ClassVar[str] = "choice"

    options: Options = ()

    def _clean(self, value: Plain) -> Plain:
        if not isinstance(value, str) or value not in dict(self.options):
            there = ", ".join(option for option, _ in self.options)
            raise self.refused(f"“{str(value)[:40]}” is not one of: {there}.")
        return value

    def words(self, value: Plain) -> str:
        return dict(self.options).get(str(value), str(value or ""))

    def _schema(self) -> dict[str, Any]:
        given = [option for option, _ in self.options]
        return {"enum": [*given, ""] if self.optional and "" not in given else given}


@dataclass(frozen=True, kw_only=True)
class Choices(Field):
    """Some of a few values, kept in the order of the options."""

    kind: ClassVar[str] = "choices"

    options: Options = ()

    @property
    def empty(self) -> Plain:
        return []

    def _clean(self, value: Plain) -> Plain:
        given = as_list(self, value)
        known = [option for option, _ in self.options]
        if strange := [item for item in given if item not in known]:
            raise self.refused(f"“{str(strange[0])[:40]}” is not one of: {', '.join(known)}.")
        return [option for option in known if option in given]

    def words(self, value: Plain) -> str:
        names = dict(self.options)
        return ", ".join(names.get(item, item) for item in value or [])

    def _schema(self) -> dict[str, Any]:
        given = [option for option, _ in self.options]
        return {"type": "array", "items": {"enum": given}, "uniqueItems": True}


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """Yes or no."""

    kind: ClassVar[str] = "flag"

    default: Plain = False

    @property
    def empty(self) -> Plain:
        return False

    def clean(self, value: Plain) -> Plain:
        if value is None or value == "":
            return False
        if not isinstance(value, bool):
            raise self.refused(f"{self.label} must be true or false.")
        return value

    def words(self, value: Plain) -> str:
        return "Yes" if value else "No"

    def _schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number, or None when it may be left out."""

    kind: ClassVar[str] = "whole"

    minimum: int = 0
    maximum: int = 2_147_483_647

    @property
    def empty(self) -> Plain:
        return None

    def _clean(self, value: Plain) -> Plain:
        if type(value) is not int:
            raise self.refused(f"{self.label} must be a whole number.")
        if not self.minimum <= value <= self.maximum:
            raise self.refused(
                f"{self.label} must be from {self._said(self.minimum)} to "
                f"{self._said(self.maximum)}."
            )
        return value

    def words(self, value: Plain) -> str:
        return "" if value is None else self._said(value)

    def _said(self, value: int) -> str:
        return f"{value:,}"

    def _schema(self) -> dict[str, Any]:
        kinds: Any = ["integer", "null"] if self.optional else "integer"
        return {"type": kinds, "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, kw_only=True)
class Money(Whole):
    """An amount in whole pence, or None."""

    kind: ClassVar[str] = "money"

    maximum: int = MAX_PENCE - 1

    def _said(self, value: int) -> str:
        return format_pounds(value)


@dataclass(frozen=True, kw_only=True)
class Percent(Whole):
    """A rate in basis points: 2000 is 20%."""

    kind: ClassVar[str] = "percent"

    maximum: int = 10_000

    def _said(self, value: int) -> str:
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A date, as ISO text; empty text for none. A configuration file may hold a TOML date."""

    kind: ClassVar[str] = "day"

    def _clean(self, value: Plain) -> Plain:
        if isinstance(value, date):
            return value.isoformat()[:10]
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            raise self.refused(
                f"“{str(value)[:30]}” is not a date. Write year, month and day, like 2026-04-01."
            ) from None

    def words(self, value: Plain) -> str:
        return format_date(date.fromisoformat(value)) if value else ""

    def _schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}


@dataclass(frozen=True, kw_only=True)
class Colour(Field):
    """A colour that can be read on white and under white text, as `#rrggbb`."""

    kind: ClassVar[str] = "colour"

    def _clean(self, value: Plain) -> Plain:
        try:
            return check_accent(str(value).strip())
        except ImsError as error:
            raise self.refused(error.message) from error

    def _schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}


@dataclass(frozen=True, kw_only=True)
class Link(Field):
    """The key of one record of another kind. `keeps`: that record cannot be retired meanwhile."""

    kind: ClassVar[str] = "link"

    to: str
    keeps: bool = True

    def _clean(self, value: Plain) -> Plain:
        if not isinstance(value, str):
            raise self.refused(f"{self.label} must be text: the code of a record.")
        return value.strip()


@dataclass(frozen=True, kw_only=True)
class Links(Field):
    """The keys of several records of another kind, sorted."""

    kind: ClassVar[str] = "links"

    to: str
    keeps: bool = False

    @property
    def empty(self) -> Plain:
        return []

    def _clean(self, value: Plain) -> Plain:
        given = as_list(self, value)
        if not all(isinstance(item, str) for item in given):
            raise self.refused(f"{self.label} must be a list of codes.")
        return sorted({item.strip() for item in given if item.strip()})

    def words(self, value: Plain) -> str:
        return ", ".join(value or [])

    def _schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


@dataclass(frozen=True, kw_only=True)
class Secret(Field):
    """A credential. Written and never read back: its plain value is always empty text.

    Not in configuration files, and in the audit trail only as “changed”.
    """

    kind: ClassVar[str] = "secret"

    max_length: int = 500
    optional: bool = True

    def _clean(self, value: Plain) -> Plain:
        # The value must not be in any message.
        if not isinstance(value, str) or len(value) > self.max_length or _UNSEEN.search(value):
            raise self.refused(
                f"{self.label} is longer than {self.max_length} characters or holds characters "
                "that cannot be seen. Copy it again."
            )
        return value.strip()

    def words(self, value: Plain) -> str:
        return "Changed" if value else ""


@dataclass(frozen=True, kw_only=True)
class Picture(Field):
    """An uploaded picture. Its owner stores it; not in configuration files."""

    kind: ClassVar[str] = "picture"

    optional: bool = True

    @property
    def empty(self) -> Plain:
        return None

    def words(self, value: Plain) -> str:
        return "A picture" if value else ""


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A short table inside a record, such as the rates of a VAT code: a list of tables."""

    kind: ClassVar[str] = "rows"

    fields: tuple[Field, ...] = field(default=())
    least: int = 0
    most: int = 50

    @property
    def empty(self) -> Plain:
        return []

    def clean(self, value: Plain) -> Plain:
        rows = [] if value is None or value == "" else as_list(self, value)
        if not self.least <= len(rows) <= self.most:
            raise self.refused(
                f"{self.label} may have {self.least} to {self.most} rows. There are {len(rows)}."
            )
        return [self._row(number, row) for number, row in enumerate(rows, start=1)]

    def _row(self, number: int, row: Plain) -> Plain:
        if not isinstance(row, Mapping):
            raise self.refused(f"{self.label}, row {number}: this is not a table.", row=number)
        names = {each.name for each in self.fields}
        if strange := [name for name in row if name not in names]:
            raise self.refused(
                f"{self.label}, row {number}: there is no field “{str(strange[0])[:40]}”. "
                f"There are: {', '.join(sorted(names))}.",
                row=number,
            )
        cleaned = {}
        for each in self.fields:
            try:
                cleaned[each.name] = each.clean(row.get(each.name, each.start))
            except FieldRefused as error:
                raise self.refused(
                    f"{self.label}, row {number}: {error.message}", row=number, column=each.name
                ) from error
        return cleaned

    def words(self, value: Plain) -> str:
        return "; ".join(
            ", ".join(filter(None, (each.words(row.get(each.name)) for each in self.fields)))
            for row in value or []
        )

    def _schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "minItems": self.least,
            "maxItems": self.most,
            "items": object_schema(self.fields),
        }


def object_schema(fields: Sequence[Field]) -> dict[str, Any]:
    """The JSON Schema of a table with these fields. What has no start value must be there."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {each.name: each.json_schema() for each in fields},
        "required": [each.name for each in fields if must_be_given(each)],
    }


def must_be_given(each: Field) -> bool:
    """Whether a record without this field cannot be made."""
    return not each.optional and each.default is None and not isinstance(each, (Flag, Rows))


def as_list(owner: Field, value: Plain) -> list[Plain]:
    """The value as a list. Raises FieldRefused when it is not one."""
    if not isinstance(value, (list, tuple)):
        raise owner.refused(f"{owner.label} must be a list.")
    return list(value)


def lower_first(text: str) -> str:
    """A label inside a sentence: `Name` becomes `name`, `VAT code` stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
