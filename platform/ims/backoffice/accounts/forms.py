"""Forms of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ims.accounts.cells import canonical_reference, name_key
from ims.accounts.columns import TEXTS
from ims.accounts.selectors import Criteria
from ims.accounts.services import check_beginning
from ims_kernel.errors import ImsError
from ims_kernel.web.forms import DayField, MoneyField, PageForm

if TYPE_CHECKING:
    from ims.accounts.models import AccountHolder, AccountMessage
    from ims.funds.models import Fund

_NO_FILE = "Select an account file"
SHORTEST = 2
_STATES = (("open", "Open accounts"), ("closed", "Closed accounts"), ("all", "All accounts"))


class SearchForm(PageForm):
    """What to look for. A reference, a surname or a postcode is needed: they have an index."""

    reference = forms.CharField(
        required=False, label="Reference", help_text="Or how it begins", max_length=60
    )
    surname = forms.CharField(
        required=False, label="Surname", help_text="Or how it begins", max_length=100
    )
    postcode = forms.CharField(
        required=False, label="Postcode", help_text="Or how it begins", max_length=12
    )
    address = forms.CharField(
        required=False, label="Address", help_text="Any part of it", max_length=100
    )
    fund = forms.ChoiceField(required=False, label="Fund")
    state = forms.ChoiceField(required=False, label="Show", choices=_STATES)

    def __init__(self, data: Any, *, funds: Sequence[Fund]) -> None:
        super().__init__(data, auto_id="filter_%s")
        field: Any = self.fields["fund"]
        field.choices = [("", "All funds"), *((fund.code, fund.name) for fund in funds)]
        field.error_messages["invalid_choice"] = "Choose a fund from the list."
        self._ids = {fund.code: fund.pk for fund in funds}

    def clean(self) -> None:
        given = self.cleaned_data
        for name, plain in (("reference", canonical_reference), ("surname", name_key)):
            if given.get(name) and len(plain(given[name])) < SHORTEST:
                self.add_error(name, f"Enter at least {SHORTEST} letters or digits.")
        narrow = any(given.get(name) for name in ("reference", "surname", "postcode"))
        if given.get("address") and not narrow and not self.errors:
            self.add_error(
                "address",
                "Enter a postcode, a surname or a reference too. An address alone would have to be "
                "looked for in every account.",
            )

    def is_asking(self) -> bool:
        """Whether anything is looked for. Only for a valid form."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "state")

    def criteria(self) -> Criteria:
        """What to look for. Only for a valid form."""
        given = self.cleaned_data
        return Criteria(
            reference=given["reference"],
            surname=given["surname"],
            postcode=given["postcode"],
            address=" ".join(given["address"].split()),
            fund_id=self._ids.get(given["fund"]),
            state=given["state"] or "open",
        )


class UploadForm(PageForm):
    """Which fund a file is for, whether it is everything, and the file."""

    fund = forms.ChoiceField(label="Fund", error_messages={"required": "Select a fund"})
    mode = forms.ChoiceField(
        label="What is in the file?",
        widget=forms.RadioSelect,
        choices=[
            ("full", "Every account of the fund: those it does not name are closed"),
            ("delta", "Changes only: the other accounts stay as they are"),
        ],
        error_messages={"required": "Select whether the file has every account or changes only"},
    )
    file = forms.FileField(
        label="Account file",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={
            "required": _NO_FILE, "missing": _NO_FILE, "invalid": _NO_FILE,
            "empty": "The selected file is empty. Make it again from the back-office system.",
            "max_length": "The name of the selected file is too long. Give it a shorter name.",
        },
        max_length=400,
    )  # fmt: skip

    def __init__(self, *args: Any, funds: Sequence[Fund], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fund"].choices = [  # type: ignore[attr-defined]
            ("", "Select a fund"), *((fund.code, fund.name) for fund in funds)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        """Look at the first line of the file, so that a wrong one is refused while at hand."""
        given = self.cleaned_data.get("file")
        if isinstance(given, UploadedFile):
            try:
                check_beginning(given.file)  # type: ignore[arg-type]
            except ImsError as error:
                self.add_ims_error(error, "file")
        return self.cleaned_data


class ApplyForm(PageForm):
    """What must be agreed to before a load is applied; a box is shown only where it is needed."""

    closing = forms.BooleanField(required=False)
    rejected = forms.BooleanField(required=False)

    def __init__(self, *args: Any, closing: str = "", rejected: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        for name, words in (("closing", closing), ("rejected", rejected)):
            if words:
                self.fields[name].label = words
            else:
                del self.fields[name]


class ReasonForm(PageForm):
    """Why something is done."""

    reason = forms.CharField(label="Why?", widget=forms.Textarea, max_length=300)

    def __init__(self, *args: Any, label: str, hint: str, missing: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reason"]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = missing


class AccountForm(PageForm):
    """An account as a person fills it in. `reference` and `fund` are there only for a new one."""

    fund = forms.ChoiceField(label="Fund", error_messages={"required": "Select a fund"})
    reference = forms.CharField(
        label="Reference", max_length=60, error_messages={"required": "Enter the reference"}
    )
    title = forms.CharField(label="Title (optional)", required=False, max_length=20)
    forename = forms.CharField(label="Forename (optional)", required=False, max_length=60)
    surname = forms.CharField(
        label="Surname or name of the organisation", max_length=100,
        error_messages={"required": "Enter the surname, or the name of the organisation"},
    )  # fmt: skip
    address_1 = forms.CharField(label="Address line 1 (optional)", required=False, max_length=100)
    address_2 = forms.CharField(label="Address line 2 (optional)", required=False, max_length=100)
    address_3 = forms.CharField(label="Address line 3 (optional)", required=False, max_length=100)
    address_4 = forms.CharField(label="Address line 4 (optional)", required=False, max_length=100)
    postcode = forms.CharField(label="Postcode (optional)", required=False, max_length=12)
    email = forms.EmailField(
        label="Email address (optional)", required=False, max_length=254,
        error_messages={"invalid": "Enter an email address in the correct format"},
    )  # fmt: skip
    balance_pence = MoneyField(
        label="Balance", help_text="What is owed. A minus sign where we owe the payer.",
        error_messages={"required": "Enter the balance, 0.00 when nothing is owed"},
    )  # fmt: skip
    balance_on = DayField(label="Date of the balance (optional)", required=False)
    message = forms.ChoiceField(label="Message", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        messages: Sequence[AccountMessage] = (),
        funds: Sequence[Fund] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices = [("", "No message"), *((each.code, str(each.name)) for each in messages)]
        self.fields["message"].choices = choices  # type: ignore[attr-defined]
        if funds:
            self.fields["fund"].choices = [  # type: ignore[attr-defined]
                ("", "Select a fund"), *((fund.code, fund.name) for fund in funds)
            ]  # fmt: skip
            del self.fields["message"]  # which messages there are depends on the fund
        else:
            del self.fields["fund"], self.fields["reference"]

    def values(self) -> dict[str, Any]:
        """What was filled in, for ims.accounts.editing. Only for a valid form."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("fund", "seen")
        }


def initial_of(account: AccountHolder) -> dict[str, Any]:
    """The account as the form shows it first."""
    shown = {column.field: getattr(account, column.field) for column in TEXTS}
    return shown | {
        "balance_pence": account.balance_pence,
        "balance_on": account.balance_on,
        "message": account.message.code if account.message else "",
        "seen": str(account.digest),
    }
