"""The rows of a setting, such as the rates of a VAT code: small forms, one below another.

It works without JavaScript: there is always a spare empty row, a button that brings another, and a
box to tick on the rows to take away.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from ims.backoffice.settings.inputs import input_for
from ims.backoffice.settings.names import Names
from ims_kernel.errors import ImsError
from ims_kernel.records.errors import FieldRefused
from ims_kernel.records.fields import Field, Link, Links, Picture, Plain, Rows, Values
from ims_kernel.web.forms import PageForm, error_list

_MOST_DIGITS = 3


class FieldsForm(PageForm):
    """One form field for each field of a setting, cleaned to plain values.

    `stored` names the fields that hold something which is never shown again.
    """

    def __init__(
        self,
        own: tuple[Field, ...],
        names: Names,
        *,
        stored: frozenset[str] = frozenset(),
        compact: bool = False,
        **options: Any,
    ) -> None:
        self.own = own
        # Django copies them: a form of fields known only now, with all else as usual.
        self.base_fields = {  # type: ignore[misc]
            each.name: input_for(
                each,
                options=names.options(each.to) if isinstance(each, (Link, Links)) else (),
                stored=each.name in stored,
                compact=compact,
            )
            for each in own
        }
        super().__init__(**options)

    def clean(self) -> dict[str, Any]:
        """Let each of the setting's own fields judge its value."""
        for each in self.own:
            if each.name not in self.cleaned_data:
                continue
            value = self.cleaned_data[each.name]
            if value in ("", None) and not self.fields[each.name].required:
                self.cleaned_data[each.name] = each.empty
                continue
            try:
                self.cleaned_data[each.name] = each.clean(value)
            except FieldRefused as error:
                self.add_ims_error(error, each.name)
        return self.cleaned_data

    def refuse(self, error: ImsError, name: str) -> None:
        """Show what the service refused beside its field. What must not be shown again is not."""
        self.add_ims_error(error, name)
        if error.facts.get("withheld"):
            kept = QueryDict(mutable=True)
            kept.update(cast("Any", self.data))
            kept[self.add_prefix(name)] = ""
            self.data = kept

    def typed(self) -> dict[str, Any]:
        """What was typed, unchecked, to be shown again. A file cannot be."""
        return {
            each.name: self[each.name].data for each in self.own if not isinstance(each, Picture)
        }


class RowForm(FieldsForm):
    """One row. A row left as it came is no row."""

    def __init__(self, own: tuple[Field, ...], names: Names, **options: Any) -> None:
        super().__init__(own, names, compact=True, **options)
        self.fields["remove"] = forms.BooleanField(required=False, label="Remove this row")

    def full_clean(self) -> None:
        """Check the row, if it is one."""
        if self.is_bound and not self.is_kept:
            self._errors = ErrorDict()
            self.cleaned_data = {}
            return
        super().full_clean()

    @property
    def is_kept(self) -> bool:
        """Whether the row is filled in and not to be taken away."""
        return not self["remove"].data and not all(self._is_untouched(each) for each in self.own)

    def _is_untouched(self, each: Field) -> bool:
        data = self[each.name].data
        start = self.fields[each.name].prepare_value(each.start)
        return data in (None, "", [], False) or str(data).strip() == str(start)

    def values(self) -> Values:
        """The row's plain values. Only when it is valid."""
        return {each.name: self.cleaned_data[each.name] for each in self.own}


class RowsForms:
    """All the rows of one field, as they are shown and as they come back."""

    def __init__(
        self, field: Rows, names: Names, rows: list[Values], given: QueryDict | None = None
    ) -> None:
        self.field = field
        self._names = names
        self._messages: list[str] = []
        if given is None:
            self.forms = [self._form(n, initial=row) for n, row in enumerate(rows, start=1)]
            self._add_spare()
            return
        count = _count(given.get(self.count_name, ""), field.most + 1)
        self.forms = [self._form(number, data=given) for number in range(1, count + 1)]

    @property
    def count_name(self) -> str:
        """The hidden field that says how many rows the page had."""
        return f"{self.field.name}-count"

    @property
    def may_add(self) -> bool:
        """Whether another row fits."""
        return len(self.forms) < self.field.most

    def _form(self, number: int, **options: Any) -> RowForm:
        prefix = f"{self.field.name}-{number}"
        return RowForm(self.field.fields, self._names, prefix=prefix, **options)

    def _add_spare(self) -> None:
        if self.may_add:
            start = {each.name: each.start for each in self.field.fields}
            self.forms.append(self._form(len(self.forms) + 1, initial=start))

    def again(self, *, more: bool) -> RowsForms:
        """The same answers with nothing checked, and one more row when `more`."""
        rows = [{**form.typed(), "remove": form["remove"].data} for form in self.forms]
        other = RowsForms(self.field, self._names, rows)
        if not more and len(other.forms) > len(rows):
            other.forms.pop()
        return other

    def is_valid(self) -> bool:
        """Whether every row that is kept can be read. All are checked."""
        found = [form.is_valid() for form in self.forms if form.is_kept]
        return all(found)

    def values(self) -> list[Plain]:
        """The rows, in their order. Only when is_valid."""
        return [form.values() for form in self.forms if form.is_kept]

    def refuse(self, error: ImsError) -> None:
        """Show what the service refused beside the row and column it names, or for all rows."""
        number, column = error.facts.get("row"), error.facts.get("column")
        kept = [form for form in self.forms if form.is_kept]
        if isinstance(number, int) and 1 <= number <= len(kept):
            form = kept[number - 1]
            named = column if column in form.fields else self.field.fields[0].name
            form.refuse(error, named)
        else:
            self._messages.append(error.message)

    @property
    def message(self) -> str:
        """What is wrong with the rows together; empty when nothing is."""
        return " ".join(self._messages)

    @property
    def anchor(self) -> str:
        """The id of the whole table of rows."""
        return f"id_{self.field.name}"

    def errors(self) -> list[dict[str, str]]:
        """The items of the error summary, each with the row it is about."""
        found = [{"text": text, "href": f"#{self.anchor}"} for text in self._messages]
        for number, form in enumerate(self.forms, start=1):
            found += [
                {**item, "text": self._placed(number, item["text"])} for item in error_list(form)
            ]
        return found

    def _placed(self, number: int, text: str) -> str:
        start = f"{self.field.label}, row {number}: "
        return text if text.startswith(self.field.label) else start + text


def _count(text: str, most: int) -> int:
    whole = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return min(int(text), most) if whole else 0
