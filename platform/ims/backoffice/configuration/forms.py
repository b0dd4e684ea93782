"""Forms of the configuration file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File

from ims_kernel.configuration import document
from ims_kernel.configuration.document import Document
from ims_kernel.errors import ImsError
from ims_kernel.web.forms import PageForm
from ims_tenants.current import council

_NO_FILE = "Select a configuration file"


class FileForm(PageForm):
    """The file to compare. `found` is what it holds, once the form is valid."""

    file = forms.FileField(
        label="Configuration file",
        help_text="A TOML file, up to 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".toml"}),
        max_length=400,
        error_messages={
            "required": _NO_FILE,
            "missing": _NO_FILE,
            "invalid": _NO_FILE,
            "empty": "The selected file is empty",
            "max_length": "The name of the selected file is too long. Give it a shorter name.",
        },
    )
    found: Document

    def clean_file(self) -> File[Any]:
        """Read the file: not TOML, another schema and another council are refused here."""
        given: File[Any] = self.cleaned_data["file"]
        try:
            # One byte more than is allowed is enough to refuse it.
            self.found = document.read(given.read(document.MAX_BYTES + 1))
            document.check_council(self.found, council().name)
        except ImsError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        return given


class ApplyForm(PageForm):
    """Why the changes are made."""

    reason = forms.CharField(
        label="Why are you making these changes?",
        help_text="It is kept in the history of every setting that changes.",
        max_length=500,
        error_messages={"required": "Enter why you are making these changes"},
    )


class NothingAsked(PageForm):
    """A form that is only a button, for what a service refuses."""

    def __init__(self, *args: Any, refused: ImsError | None = None, **options: Any) -> None:
        super().__init__({} if refused else None, *args, **options)
        if refused:
            self.full_clean()
            self.add_ims_error(refused)
