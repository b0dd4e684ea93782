"""What people may look for in the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms

from ims.backoffice.audit.objects import read_name
from ims_kernel.audit import acts
from ims_kernel.audit.selectors import Looks, Wanted
from ims_kernel.web.forms import DayField, PageForm

LOOKS = (
    (Looks.LEFT_OUT.value, "Changes and downloads"),
    (Looks.TOO.value, "Everything, with looks"),
    (Looks.ONLY.value, "Looks only"),
)


class AuditSearch(PageForm):
    """The filters. All may be empty; together they must all hold."""

    person = forms.CharField(
        required=False, label="Person", help_text="Any part of a name", max_length=100
    )
    act = forms.ChoiceField(
        required=False,
        label="What was done",
        error_messages={"invalid_choice": "Choose what was done from the list."},
    )
    thing = forms.CharField(
        required=False, label="Done to", help_text="Like import 12", max_length=110
    )
    start = DayField(required=False, label="From", help_text="Like 3/11/2026")
    end = DayField(required=False, label="To", help_text="Like 3/11/2026")
    text = forms.CharField(
        required=False, label="Words in the reason", help_text="Any part of it", max_length=100
    )
    looks = forms.ChoiceField(
        required=False,
        label="Show",
        choices=LOOKS,
        error_messages={"invalid_choice": "Choose what to show from the list."},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        field: Any = self.fields["act"]
        field.choices = [("", "Anything"), *_choices()]

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("end", "The last day must be on or after the first day.")

    def wanted(self) -> Wanted:
        """What to look for. Only for a valid form."""
        given = self.cleaned_data
        kind, object_id = read_name(given["thing"]) if given["thing"] else ("", "")
        looks = Looks(given["looks"])
        # Whoever asks for an act that only looks wants to see it.
        if given["act"].endswith(acts.LOOK) and looks is Looks.LEFT_OUT:
            looks = Looks.TOO
        return Wanted(
            person=given["person"],
            act=given["act"],
            kind=kind,
            object_id=object_id,
            first_on=given["start"],
            last_on=given["end"],
            text=given["text"],
            looks=looks,
        )


def _choices() -> list[tuple[str, str]]:
    found = []
    for heading, phrases in acts.grouped().items():
        beginning = next(iter(phrases)).split(".", 1)[0]
        found.append((f"{beginning}.", f"{heading}: everything"))
        found += [(act, f"{heading}: {phrase}") for act, phrase in phrases.items()]
    return found
