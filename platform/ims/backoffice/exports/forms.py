"""Forms of ledger files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from ims_kernel.web.forms import DayField, PageForm

if TYPE_CHECKING:
    from ims.exports.models import ExportLayout


class MakeForm(PageForm):
    """Which layout the next file has, and up to which day it goes."""

    layout = forms.ChoiceField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose which file to make",
            "invalid_choice": "This council has no such layout. Choose which file to make.",
        },
    )
    up_to = DayField(
        required=False,
        label="Only up to (optional)",
        help_text="For example, 30/11/2026 to leave December for the next file",
    )

    def __init__(self, *args: Any, layouts: Sequence[ExportLayout], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(layout.code, layout.name) for layout in layouts]
        self.fields["layout"].choices = choices  # type: ignore[attr-defined]


class RejectForm(PageForm):
    """Why a file is not used."""

    reason = forms.CharField(
        label="Why is this file rejected?",
        help_text="For example, what the finance system said. The next person needs to know.",
        widget=forms.Textarea,
        max_length=500,
        error_messages={"required": "Enter why this file is rejected"},
    )
