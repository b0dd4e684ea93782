"""From a field of a setting to the form field that asks for it.

What a person types is turned into the plain value here, and judged by the setting's own field: the
words of a refusal are the same as in a configuration file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms

from ims_kernel.records.fields import (
    Choice,
    Choices,
    Day,
    Field,
    Flag,
    Link,
    Links,
    Money,
    Percent,
    Picture,
    Secret,
    Text,
    Whole,
)
from ims_kernel.web.forms import DayField, MoneyField

Options = Sequence[tuple[str, str]]

# Up to so many choices are shown at once; more are a list to open.
FEW = 5
_WHOLE = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+|[+-]?\d{1,12}", re.ASCII)
_PERCENT = re.compile(r"(\d{1,5})(?:\.(\d{1,2}))?\s*%?", re.ASCII)
_KEPT = "One is stored. Leave this empty to keep it."
_PICTURES = "image/png,image/jpeg"
_Maker = Callable[["Asked"], forms.Field]


class WholeField(forms.CharField):
    """A whole number typed as text; cleaned to int, or None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if _WHOLE.fullmatch(text) is None:
            raise forms.ValidationError(
                f"“{text[:30]}” is not a whole number. Write digits, like 30."
            )
        return int(text.replace(",", ""))


class PercentField(forms.CharField):
    """A percentage typed as text, such as 17.5; cleaned to basis points, or None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        match = _PERCENT.fullmatch(text)
        if match is None:
            raise forms.ValidationError(
                f"“{text[:30]}” is not a percentage. Write a number with at most two decimals, "
                "like 20 or 17.5."
            )
        return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        if type(value) is not int:
            return value
        return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".")


class IsoDayField(DayField):
    """A date in one text field, day first; cleaned to ISO text, or empty text."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.isoformat() if isinstance(found, date) else ""

    def prepare_value(self, value: Any) -> Any:
        try:
            return super().prepare_value(date.fromisoformat(value))
        except (TypeError, ValueError):
            return value


class SeveralField(forms.MultipleChoiceField):
    """Several of a list. Which may be chosen is for the setting's own field to say."""

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


def input_for(each: Field, *, options: Options = (), stored: bool, compact: bool) -> forms.Field:
    """The form field that asks for `each`.

    `options` are the records a link may name. `stored`: there is a value that is never shown again.
    `compact`: it stands in a row of a table.
    """
    make = next(maker for shape, maker in _MAKERS if isinstance(each, shape))
    made = make(Asked(each, options or getattr(each, "options", ()), compact))
    made.label = each.label if not each.optional or _says_none(each) else f"{each.label} (optional)"
    made.help_text = _hint(each, made, stored=stored)
    made.required = _is_required(each, stored=stored)
    return made


def _is_required(each: Field, *, stored: bool) -> bool:
    if isinstance(each, Flag):
        return False
    return not (each.optional or stored)


def _says_none(each: Field) -> bool:
    """Whether one sees without a word that nothing need be chosen."""
    return isinstance(each, (Flag, Choices, Links))


def _hint(each: Field, made: forms.Field, *, stored: bool) -> str:
    own = each.hint or str(made.help_text or "")
    kept = _KEPT if stored else ""
    return " ".join(part for part in (own, kept) if part)


class Asked(NamedTuple):
    """What a form field is made for: the setting's field, what it may name, and where it stands."""

    each: Any
    options: Options
    compact: bool


def _text(asked: Asked) -> forms.Field:
    if asked.each.multiline and not asked.compact:
        return forms.CharField(widget=forms.Textarea)
    # A code is neither a word to correct nor one to complete.
    attrs = {"spellcheck": "false", "autocomplete": "off"} if asked.each.pattern else {}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


def _choice(asked: Asked) -> forms.Field:
    given = list(asked.options)
    has_none = "" in dict(given)
    if len(given) <= FEW and not asked.compact:
        none = [("", "None")] if asked.each.optional and not has_none else []
        return forms.CharField(widget=forms.RadioSelect(choices=[*given, *none]))
    return forms.CharField(widget=_select(asked, given if has_none else None))


def _link(asked: Asked) -> forms.Field:
    return forms.CharField(widget=_select(asked))


def _select(asked: Asked, all_there_is: list[tuple[str, str]] | None = None) -> forms.Select:
    first = [("", "None" if asked.each.optional else "Select one")]
    return forms.Select(choices=all_there_is or [*first, *asked.options])


def _several(asked: Asked) -> forms.Field:
    return SeveralField(choices=list(asked.options), widget=forms.CheckboxSelectMultiple)


def _typed(kind: type[forms.Field], **attrs: str) -> _Maker:
    return lambda _: kind(widget=forms.TextInput(attrs=attrs))


def _secret(_: Asked) -> forms.Field:
    return forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "off"}))


def _picture(_: Asked) -> forms.Field:
    return forms.FileField(widget=forms.FileInput(attrs={"accept": _PICTURES}))


# The first that fits: an amount and a rate are whole numbers too.
_MAKERS: tuple[tuple[type[Field], _Maker], ...] = (
    (Text, _text),
    (Choice, _choice),
    (Choices, _several),
    (Flag, lambda _: forms.BooleanField()),
    (Money, lambda _: MoneyField()),
    (Percent, _typed(PercentField, inputmode="decimal")),
    (Whole, _typed(WholeField, inputmode="numeric")),
    (Day, lambda _: IsoDayField()),
    (Link, _link),
    (Links, _several),
    (Secret, _secret),
    (Picture, _picture),
    (Field, _typed(forms.CharField, spellcheck="false")),
)
