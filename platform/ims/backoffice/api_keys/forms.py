"""What is asked of a new key, and of revoking one."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms

from ims.apikeys.keys import NewKey
from ims.apikeys.scopes import SCOPES
from ims_kernel.clock import LONDON
from ims_kernel.web.forms import DayField, PageForm


class KeyForm(PageForm):
    """A key to make."""

    name = forms.CharField(
        label="Which system uses it",
        max_length=60,
        help_text="For example, Housing management",
        error_messages={"required": "Enter which system uses the key"},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may be used for",
        choices=[(name, scope.words) for name, scope in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what the key may be used for"},
    )
    expires_on = DayField(
        label="Last day it works",
        help_text="At most a year from today. Make a new key before then, so that nothing stops.",
        error_messages={"required": "Enter the last day the key works"},
    )
    addresses = forms.CharField(
        label="Networks it may be used from",
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text="One a line, like 203.0.113.0/24. Leave empty for anywhere.",
    )

    def new_key(self) -> NewKey:
        """The key that was asked for. It works until midnight in London after its last day."""
        given = self.cleaned_data
        return NewKey(
            given["name"],
            given["scopes"],
            _end_of(given["expires_on"]),
            tuple(line.strip() for line in given["addresses"].splitlines() if line.strip()),
        )


class RevokeForm(PageForm):
    """Why a key is made useless."""

    reason = forms.CharField(
        label="Why are you revoking this key?",
        max_length=500,
        error_messages={"required": "Enter why you are revoking this key"},
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)
