"""What people may look for, and what is said when it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms

from ims.reports.transactions import Criteria
from ims_kernel.errors import ImsError
from ims_kernel.money import parse_pounds
from ims_kernel.references import decode
from ims_kernel.web.forms import DayField, PageForm

SHORTEST_TEXT = 3
# Text is looked for line by line, so its time is bounded: a large council has millions a year.
LONGEST_TEXT_SEARCH = timedelta(days=366)


class Choice(NamedTuple):
    """A fund or method to choose from."""

    id: int
    code: str
    name: str


class ReceiptNumberField(forms.CharField):
    """A receipt number as people copy it; cleaned to the entry's id, or None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return decode(text)
        except ImsError as error:
            raise forms.ValidationError(error.message) from error


class AmountsField(forms.CharField):
    """`45.00` or `40 to 50`; cleaned to the lowest and highest pence, or None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        first, _, last = text.lower().partition(" to ")
        try:
            low = parse_pounds(first)
            high = parse_pounds(last) if last else low
        except ImsError as error:
            raise forms.ValidationError(f"{error.message} For a range, write 40 to 50.") from error
        return (low, high) if low <= high else (high, low)


class SearchForm(PageForm):
    """The filters. All may be empty; together they must all hold."""

    receipt = ReceiptNumberField(
        required=False, label="Receipt number", help_text="Any spacing", max_length=40
    )
    account = forms.CharField(
        required=False, label="Account", help_text="The whole of it", max_length=60
    )
    amount = AmountsField(
        required=False, label="Amount in pounds", help_text="45.00, or 40 to 50", max_length=40
    )
    text = forms.CharField(
        required=False,
        label="Payer or text",
        help_text="3 characters or more",
        max_length=100,
    )
    fund = forms.ChoiceField(required=False, label="Fund")
    method = forms.ChoiceField(required=False, label="Method")
    start = DayField(required=False, label="Received from", help_text="Like 3/11/2026")
    end = DayField(required=False, label="Received to", help_text="Like 3/11/2026")

    def __init__(
        self, data: Any, *, funds: Sequence[Choice], methods: Sequence[Choice], today: date
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        self._ids: dict[str, dict[str, int]] = {}
        for name, options in (("fund", funds), ("method", methods)):
            field: Any = self.fields[name]
            field.choices = [("", f"All {name}s"), *((o.code, o.name) for o in options)]
            field.error_messages["invalid_choice"] = f"Choose a {name} from the list."
            self._ids[name] = {option.code: option.id for option in options}
        self.today = today
        self.bounded = False  # whether we chose the dates ourselves, to say so

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if 0 < len(text) < SHORTEST_TEXT:
            raise forms.ValidationError(
                f"Enter at least {SHORTEST_TEXT} characters of the payer, reference or narrative."
            )
        return text

    def clean(self) -> None:
        given = self.cleaned_data
        start, end = given.get("start"), given.get("end")
        if start and end and start > end:
            self.add_error("end", "The last day must be on or after the first day.")
        elif given.get("text") and not self.errors:
            self._bound_text(start, end)

    def _bound_text(self, start: date | None, end: date | None) -> None:
        """Give a text search both its dates, or refuse more than a year of them."""
        last = end or (min(start + LONGEST_TEXT_SEARCH, self.today) if start else self.today)
        first = start or _back(last)
        if last - first > LONGEST_TEXT_SEARCH:
            self.add_error(
                "start",
                "Text can be looked for in 12 months at a time. Choose a later first day or an "
                "earlier last day.",
            )
            return
        self.bounded = not (start and end)
        self.cleaned_data |= {"start": first, "end": max(first, last)}

    def criteria(self) -> Criteria:
        """What to look for. Only for a valid form."""
        given = self.cleaned_data
        return Criteria(
            entry_id=given["receipt"],
            account=given["account"],
            fund_id=self._ids["fund"].get(given["fund"]),
            method_id=self._ids["method"].get(given["method"]),
            amount=given["amount"],
            first_on=given["start"],
            last_on=given["end"],
            text=given["text"],
        )


def _back(day: date) -> date:
    # The calendar has a first day, and a date may be typed near it.
    return max(day, date.min + LONGEST_TEXT_SEARCH) - LONGEST_TEXT_SEARCH
