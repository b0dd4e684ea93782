"""Forms of ledger files."""

from __future__ import annotations

from django import forms

from ims_kernel.web.forms import DayField, PageForm


class MakeForm(PageForm):
    """Up to which day the next file goes."""

    up_to = DayField(
        required=False,
        label="Only up to (optional)",
        help_text="For example, 30/11/2026 to leave December for the next file",
    )


class RejectForm(PageForm):
    """Why a file is not used."""

    reason = forms.CharField(
        label="Why is this file rejected?",
        help_text="For example, what the finance system said. The next person needs to know.",
        widget=forms.Textarea,
        max_length=500,
        error_messages={"required": "Enter why this file is rejected"},
    )
