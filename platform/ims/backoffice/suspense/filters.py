"""Narrowing the list of suspense, and the filters in force as words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from ims.reports.suspense import REASONS, Wanted
from ims.suspense.selectors import AGE_LABELS
from ims_kernel.money import format_pounds
from ims_kernel.web.forms import MoneyField, PageForm
from ims_kernel.web.pagination import AFTER, BEFORE, with_query

_AGES = [("", "Any age"), *((str(place), label) for place, label in enumerate(AGE_LABELS))]


class SuspenseFilter(PageForm):
    """What to look for among the open items."""

    text = forms.CharField(required=False, label="Payer or text", max_length=100, strip=True)
    reason = forms.ChoiceField(
        required=False, label="Reason", choices=[("", "Any reason"), *REASONS.items()]
    )
    age = forms.ChoiceField(required=False, label="Age", choices=_AGES)
    amount = MoneyField(required=False, label="Amount")

    def wanted(self) -> Wanted:
        """What the valid fields ask for; a field that cannot be read asks for nothing."""
        given: dict[str, Any] = self.cleaned_data if self.is_bound else {}
        amount = given.get("amount")
        return Wanted(
            reason_code=given.get("reason") or "",
            age_band=int(given["age"]) if given.get("age") else None,
            amount_pence=None if amount is None else abs(amount),
            text=given.get("text") or "",
        )


def chips(query: QueryDict, wanted: Wanted) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    found: list[tuple[str, str, str]] = []
    if wanted.text:
        found.append(("text", "Text", wanted.text))
    if wanted.reason_code:
        found.append(("reason", "Reason", REASONS[wanted.reason_code]))
    if wanted.age_band is not None:
        found.append(("age", "Age", AGE_LABELS[wanted.age_band]))
    if wanted.amount_pence is not None:
        found.append(("amount", "Amount", format_pounds(wanted.amount_pence)))
    return [
        {
            "label": label,
            "text": text,
            "remove": with_query(query, **{name: None, AFTER: None, BEFORE: None}),
        }
        for name, label, text in found
    ]
