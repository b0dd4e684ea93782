"""The form of a record: its fields in sections, its rows, and why it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from ims.backoffice.settings.names import Names
from ims.backoffice.settings.rows import FieldsForm, RowsForms
from ims.backoffice.settings.showing import is_stored
from ims_kernel.errors import ImsError
from ims_kernel.records import selectors
from ims_kernel.records.fields import Field, Picture, Plain, Rows, Secret, Values
from ims_kernel.records.kinds import Kind
from ims_kernel.records.selectors import Record
from ims_kernel.web.forms import PageForm, error_list

_MOST_REASON = 500


class ReasonForm(PageForm):
    """Why, for the history; and the mark of the record as it was when the page was opened."""

    reason = forms.CharField(max_length=_MOST_REASON)
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str, required: bool = True, **options: Any) -> None:
        super().__init__(*args, prefix="change", **options)
        reason = self.fields["reason"]
        reason.label, reason.required = label, required
        reason.help_text = "It is kept in the history, for your colleagues and for an auditor."
        reason.error_messages["required"] = "Enter a reason"


class SearchForm(PageForm):
    """What to look for among the records of a kind."""

    text = forms.CharField(required=False, label="Code or name", max_length=100)
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[
            (selectors.IN_USE, "In use"),
            (selectors.RETIRED, "Retired"),
            (selectors.ALL, "All"),
        ],
    )

    def wanted(self) -> tuple[str, str]:
        """(text, state) asked for; what cannot be read asks for nothing."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return given.get("text") or "", given.get("state") or selectors.IN_USE


@dataclass(slots=True)
class Section:
    """Fields that belong together: names of form fields, or a table of rows."""

    heading: str
    parts: list[str | RowsForms] = field(default_factory=list)


class RecordForms:
    """Everything of the page that adds a record (`record` None) or changes one.

    `start` are values that a new record begins with instead of its defaults.
    """

    def __init__(
        self,
        kind: Kind,
        record: Record | None,
        *,
        given: QueryDict | None = None,
        files: Any = None,
        second_person: bool = False,
        start: Values | None = None,
    ) -> None:
        self.kind, self.record, self.second_person = kind, record, second_person
        new = {each.name: each.start for each in kind.fields} | (start or {})
        values = record.values if record else new
        self.asked = tuple(each for each in kind.fields if not self._stands(each))
        self.names = Names(kind.fields, [values])
        self.form = FieldsForm(
            tuple(each for each in self.asked if not isinstance(each, Rows)),
            self.names,
            stored=_stored(kind, record),
            initial=values,
            data=given,
            files=files,
        )
        self.rows = {
            each.name: RowsForms(each, self.names, values[each.name] or [], given)
            for each in self.asked
            if isinstance(each, Rows)
        }
        self.why = ReasonForm(
            given,
            label=_question(record, second_person=second_person),
            required=record is not None or second_person,
            initial={"seen": record.digest if record else ""},
        )

    def _stands(self, each: Field) -> bool:
        """Whether the field can no longer change."""
        return self.record is not None and (each.fixed or each.name == self.kind.key)

    def standing(self) -> list[tuple[Field, Plain]]:
        """The fields that were set when the record was made, and stay."""
        values = self.record.values if self.record else {}
        return [(each, values[each.name]) for each in self.kind.fields if self._stands(each)]

    def sections(self) -> list[Section]:
        """The fields in the order and under the headings the kind gives them."""
        found = [Section("")]
        for each in self.asked:
            if each.heading:
                found.append(Section(each.heading))
            found[-1].parts.append(self.rows.get(each.name, each.name))
        return [section for section in found if section.parts]

    def again(self, *, more: str = "") -> RecordForms:
        """The same answers with nothing checked, and another row in the table `more`."""
        other = RecordForms(self.kind, self.record, second_person=self.second_person)
        other.form.initial = self.form.typed()
        other.rows = {name: rows.again(more=name == more) for name, rows in self.rows.items()}
        other.why.initial = {name: self.why[name].data for name in self.why.fields}
        return other

    def is_valid(self) -> bool:
        """Whether everything can be read. All is checked, so that all errors show at once."""
        rows = [each.is_valid() for each in self.rows.values()]
        return all([self.form.is_valid(), *rows, self.why.is_valid()])

    def values(self) -> Values:
        """The plain values that were given. Only when is_valid.

        What is never shown is left out when nothing new was typed, and so stays as it is.
        """
        found = {}
        for each in self.asked:
            value = (
                self.rows[each.name].values()
                if isinstance(each, Rows)
                else self.form.cleaned_data[each.name]
            )
            if value or not isinstance(each, (Secret, Picture)):
                found[each.name] = value
        return found

    def refuse(self, error: ImsError) -> None:
        """Show what the service refused beside the field it names, or for the form as a whole."""
        name = error.facts.get("field")
        if name in self.rows:
            self.rows[name].refuse(error)
        elif name in self.form.fields:
            self.form.refuse(error, name)
        else:
            self.form.add_ims_error(error)

    def errors(self) -> list[dict[str, str]]:
        """The items of the error summary, from the top of the page to its foot."""
        return list(self._errors())

    def _errors(self) -> Iterator[dict[str, str]]:
        by_place: dict[str, list[dict[str, str]]] = defaultdict(list)
        for item in error_list(self.form):
            by_place[item.get("href", "")].append(item)
        for each in self.asked:
            if each.name in self.rows:
                yield from self.rows[each.name].errors()
            else:
                yield from by_place.pop(f"#{_place(self.form, each.name)}", [])
        for rest in by_place.values():
            yield from rest
        yield from error_list(self.why)


def _stored(kind: Kind, record: Record | None) -> frozenset[str]:
    if record is None:
        return frozenset()
    hidden = [each for each in kind.fields if isinstance(each, (Secret, Picture))]
    return frozenset(each.name for each in hidden if is_stored(each, record.instance))


def _place(form: FieldsForm, name: str) -> str:
    bound = form[name]
    return str(bound.id_for_label or bound.auto_id)


def _question(record: Record | None, *, second_person: bool) -> str:
    if record is not None:
        return "Why are you changing this?"
    return "Why are you adding this?" if second_person else "Why are you adding this? (optional)"
