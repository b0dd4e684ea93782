"""Django forms as GOV.UK form groups: labels, hints, and errors that link to their field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from ims_kernel.errors import ImsError
from ims_kernel.money import parse_pounds, plain_pounds
from ims_kernel.web.dates import parse_date

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.HiddenInput, "hidden"),
)
_CHOSEN = ("checkboxes", "radios", "select")


class PageForm(forms.Form):
    """A form whose messages say what to do ("Enter the payer"), as GOV.UK style asks."""

    # The browser's own bubbles cannot be read by every assistive technology; the server answers.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = str(field.label or name.replace("_", " "))
            plain = forms.Field.default_error_messages["required"]
            if field.error_messages.get("required") == plain:
                field.error_messages["required"] = _missing(kind_of(field.widget), label)

    def add_ims_error(self, error: ImsError, field: str | None = None) -> None:
        """Show what a service refused, beside `field` or for the form as a whole."""
        self.add_error(field, error.message)


class MoneyField(forms.CharField):
    """Pounds and pence typed as text; cleaned to whole pence (int), or None when empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 30)
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return _cleaned(parse_pounds, text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return plain_pounds(value) if isinstance(value, int) else value


class DayField(forms.CharField):
    """A date in one text field, day first (`3/11/2026`, `3 Nov 2026`); cleaned to a date or None.

    One field rather than GOV.UK's three: finance staff paste dates from statements and
    spreadsheets, and filters stand side by side.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 30)
        options.setdefault("help_text", "For example, 3/11/2026")
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return _cleaned(parse_date, text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value


def _cleaned(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ImsError as error:
        raise forms.ValidationError(error.message, code=error.code) from error


def error_list(*given: forms.BaseForm) -> list[dict[str, str]]:
    """The items of an error summary: the words beside each field, with a link to it."""
    items = []
    for form in given:
        for name, errors in form.errors.items():
            bound = form[name] if name in form.fields else None
            for message in errors:
                item = {"text": str(message)}
                if bound is not None:
                    item["href"] = f"#{bound.id_for_label or bound.auto_id}"
                items.append(item)
    return items


def kind_of(widget: forms.Widget) -> str:
    """Which GOV.UK component shows a widget."""
    return next((kind for shape, kind in _KINDS if isinstance(widget, shape)), "input")


def field_params(bound: BoundField) -> dict[str, Any]:
    """The parameters of the GOV.UK macro for a field, with its `kind` beside them.

    Choices must be flat: groups of choices are not shown.
    """
    kind = kind_of(bound.field.widget)
    identity = bound.auto_id or bound.html_name
    params: dict[str, Any] = {
        "kind": kind,
        "id": identity,
        "idPrefix": identity,
        "name": bound.html_name,
        "label": str(bound.label),
        # A password is never sent back, not even to whoever typed it.
        "value": "" if kind == "password" else _shown(bound.value()),
        "attributes": _attributes(bound),
        "autocomplete": bound.field.widget.attrs.get("autocomplete", ""),
        "money": isinstance(bound.field, MoneyField),
        "day": isinstance(bound.field, DayField),
    }
    if bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {"text": " ".join(str(error) for error in bound.errors)}
    if kind in _CHOSEN:
        params["items"] = _items(bound)
    if kind == "checkbox":
        params["checked"] = bool(bound.value())
    return params


def _attributes(bound: BoundField) -> dict[str, str]:
    kept = ("maxlength", "accept", "spellcheck", "inputmode")
    attrs = bound.field.widget.attrs
    return {name: str(attrs[name]) for name in kept if attrs.get(name) not in (None, False)}


def _items(bound: BoundField) -> list[dict[str, Any]]:
    value = bound.value()
    chosen = {_shown(v) for v in value} if isinstance(value, (list, tuple)) else {_shown(value)}
    return [
        {
            "value": _shown(option),
            "text": str(label),
            "checked": _shown(option) in chosen,
            "selected": _shown(option) in chosen,
        }
        for option, label in bound.field.widget.choices
    ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _missing(kind: str, label: str) -> str:
    if kind == "checkbox":
        return f"Tick “{label}”"
    return f"{'Select' if kind in (*_CHOSEN, 'file') else 'Enter'} {_lower_first(label)}"


def _lower_first(text: str) -> str:
    # VAT stays VAT.
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
