"""Forms of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ims.imports.services import check_beginning
from ims_kernel.errors import ImsError
from ims_kernel.web.forms import PageForm

if TYPE_CHECKING:
    from ims.imports.models import ImportProfile

_NO_FILE = "Select a bank file"
FEW = 6


class UploadForm(PageForm):
    """Which account a file is for, and the file."""

    profile = forms.ChoiceField(label="What is this file?", widget=forms.RadioSelect)
    file = forms.FileField(
        label="Bank file",
        widget=forms.FileInput(attrs={"accept": ".csv,.xml,.txt"}),
        error_messages={
            "required": _NO_FILE,
            "missing": _NO_FILE,
            "invalid": _NO_FILE,
            "empty": "The selected file is empty. Download it from the bank again.",
            "max_length": "The name of the selected file is too long. Give it a shorter name.",
        },
        max_length=400,
    )

    def __init__(self, *args: Any, profiles: list[ImportProfile], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(profile.code, profile.name) for profile in profiles]
        field = self.fields["profile"]
        if len(choices) > FEW:
            field.widget = forms.Select()
            choices.insert(0, ("", "Select one"))
        field.choices = choices  # type: ignore[attr-defined]
        field.error_messages["required"] = "Select what this file is"
        if len(profiles) == 1:
            field.initial = profiles[0].code

    def clean(self) -> dict[str, Any] | None:
        """Look at the beginning of the file, so that a wrong one is refused while it is at hand."""
        given = self.cleaned_data.get("file")
        if isinstance(given, UploadedFile):
            try:
                check_beginning(given, self.cleaned_data.get("profile", ""))
            except ImsError as error:
                self.add_ims_error(error, "file")
        return self.cleaned_data


class DiscardForm(PageForm):
    """Why a file is set aside."""

    reason = forms.CharField(
        label="Why are you discarding this file?",
        help_text="For example, the bank sent a corrected file. It is kept in the history.",
        widget=forms.Textarea,
        max_length=300,
        error_messages={"required": "Enter why you are discarding this file"},
    )
