"""The forms of the test bench of references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ims.accounts.selectors import CHANNELS, ReferenceBook
from ims.backoffice.reference_check.reading import (
    MAX_BYTES,
    MAX_REFERENCES,
    read_bytes,
    read_text,
)
from ims_kernel.errors import ImsError
from ims_kernel.web.forms import MoneyField, PageForm

if TYPE_CHECKING:
    from ims.accounts.models import ReferenceRule

FUND, RULE = "fund", "rule"
COUNTER = "counter"


class AgainstForm(PageForm):
    """What references are tried against, and for which payment."""

    against = forms.ChoiceField(
        label="Fund or reference rule",
        error_messages={
            "required": "Select a fund or a reference rule",
            "invalid_choice": "Select a fund or a reference rule that is there",
        },
    )
    channel = forms.ChoiceField(
        label="Channel",
        choices=CHANNELS,
        initial=COUNTER,
        required=False,
        help_text="Decides which stops and warnings count.",
    )
    amount = MoneyField(label="Amount (optional)", required=False)
    method = forms.ChoiceField(label="Method of payment (optional)", required=False)

    def __init__(
        self, *args: Any, references: ReferenceBook, rules: list[ReferenceRule], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        funds = [
            (f"{FUND}:{fund.code}", f"{fund.code} {fund.name}")
            for fund in references.book.funds.values()
            if fund.is_active and not fund.is_suspense
        ]
        named = [(f"{RULE}:{rule.code}", f"Rule {rule.code} {rule.name}") for rule in rules]
        self._choose("against", [("", "Select one"), *funds, *named])
        methods = [
            (method.code, method.name)
            for method in references.book.methods.values()
            if method.is_active
        ]
        self._choose("method", [("", "Any"), *methods])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def has_details(self) -> bool:
        """Whether something stands in the part of the form that is folded away."""
        names = ("channel", "amount", "method")
        given = any(self.data.get(self.add_prefix(name)) for name in ("amount", "method"))
        return given or any(name in self.errors for name in names)


class OneForm(AgainstForm):
    """One reference."""

    reference = forms.CharField(
        label="Reference",
        max_length=200,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter a reference"},
    )


class ManyForm(AgainstForm):
    """A list of references, pasted or as a file. Cleans to `references`, a list of text."""

    pasted = forms.CharField(
        label="Paste references",
        help_text=f"One a line, up to {MAX_REFERENCES:,}. Of a table, the first column counts.",
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
        required=False,
        strip=False,
    )
    file = forms.FileField(
        label="Or upload a list",
        help_text="A text or CSV file, up to 2MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        required=False,
        max_length=400,
        error_messages={"empty": "The selected file is empty"},
    )

    def clean(self) -> dict[str, Any] | None:
        """Read the list, from whichever of the two is given."""
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "")
        name = "file" if isinstance(file, UploadedFile) else "pasted"
        if name in self.errors or "file" in self.errors:
            return self.cleaned_data
        try:
            if isinstance(file, UploadedFile):
                # One byte more than allowed tells a file that is too large.
                found = read_bytes(file.read(MAX_BYTES + 1))
            else:
                found = read_text(pasted)
        except ImsError as error:
            self.add_ims_error(error, name)
        else:
            self.cleaned_data["references"] = found
        return self.cleaned_data
