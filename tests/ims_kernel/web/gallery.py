"""Every building block on one page, for the tests to render, photograph and check with axe."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from ims_kernel.errors import Conflict, NotAllowed
from ims_kernel.money import format_pounds
from ims_kernel.web.charts import Bar, bar_chart, column_chart
from ims_kernel.web.forms import DayField, MoneyField, PageForm
from ims_kernel.web.theme import Brand, NavItem

BRAND = Brand(name="Northmoor District Council", accent="#5b2a6e", statement_url="/accessibility/")
_NAVIGATION = ["Overview", "Transactions", "Imports", "Suspense", "Exports"]
_FUNDS = [
    ("Council tax", 41_238_450),
    ("Housing rents", 18_904_012),
    ("Business rates", 15_220_000),
    ("Parking & permits <new>", 1_204_510),
    ("Sundry income", -34_095),
]
_DAYS = [120, 98, 143, 0, 0, 87, 134, 156, 110, 92, 0, 0, 140, 151, 99, 130, 124, 0, 0, 160]


class Search(PageForm):
    reference = forms.CharField(required=False, label="Reference")
    fund = forms.ChoiceField(
        required=False, label="Fund", choices=[("", "All funds"), ("ct", "Council tax")]
    )
    amount = MoneyField(required=False, label="Amount")
    start = DayField(required=False, label="From")
    end = DayField(required=False, label="To")


class Payment(PageForm):
    payer = forms.CharField(label="Name of the payer", help_text="As the bank shows it")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    amount = MoneyField(label="Amount")
    received = DayField(label="Date received")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    statement = forms.FileField(label="Bank statement", help_text="CSV or camt.053, up to 200 MB")
    method = forms.ChoiceField(
        label="Method", widget=forms.RadioSelect, choices=[("c", "Cash"), ("q", "Cheque")]
    )
    extras = forms.MultipleChoiceField(
        label="Send a copy to",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Audit"), ("p", "Payer")],
        required=False,
    )
    agree = forms.BooleanField(label="I have checked the total")
    hidden = forms.CharField(widget=forms.HiddenInput, initial="kept", required=False)


class Priya:
    is_authenticated = True

    def __str__(self) -> str:
        return "Priya Raman"


def belongs_to_northmoor(get_response: Any) -> Any:
    """Middleware that does what a council's host and a sign-in do."""

    def middleware(request: Any) -> Any:
        request.brand = BRAND
        request.user = Priya()
        request.navigation = [
            NavItem(text, "/", current=text == "Overview") for text in _NAVIGATION
        ]
        return get_response(request)

    return middleware


def _bars() -> list[Bar]:
    return [
        Bar(label, pence, format_pounds(pence).replace("-", "\u2212")) for label, pence in _FUNDS
    ]


def _columns() -> list[Bar]:
    return [Bar(f"{i + 1} Nov", n, f"£{n}.00") for i, n in enumerate(_DAYS)]


def gallery(request: HttpRequest) -> HttpResponse:
    if "flash" in request.GET:
        messages.success(request, "14 items were allocated: £1,204.50.")
        messages.warning(request, "One item is still in suspense.")
    bars, columns = _bars(), _columns()
    at = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    context = {
        "search": Search({"fund": "ct"}, auto_id="filter_%s"),
        "chips": [{"label": "Fund", "text": "Council tax", "remove": "?"}],
        "funds": _FUNDS,
        "bars": bars,
        "bar_chart": bar_chart(bars, title="Income by fund", name="by-fund"),
        "columns": columns,
        "column_chart": column_chart(columns, title="Income by day", name="by-day"),
        "page": SimpleNamespace(previous_query="?before=x", next_query="?after=y"),
        "at": at,
        "form": Payment({}) if "errors" in request.GET else None,
        "fresh": Payment(),
    }
    return render(request, "gallery.html", context, using="jinja2")


def sign_out(request: HttpRequest) -> HttpResponse:
    return HttpResponse("You have signed out.")


def refused(request: HttpRequest) -> HttpResponse:
    raise Conflict("Batch 12 was already posted by Sam at 9:30am. Open the batch to see it.")


def not_allowed(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("Only an income manager may post a batch.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [
    path("", gallery),
    path("sign-out/", sign_out, name="sign_out"),
    path("refused/", refused),
    path("not-allowed/", not_allowed),
    path("broken/", broken),
    path("", include("ims_kernel.web.theme")),
]
handler400 = "ims_kernel.web.errors.bad_request"
handler403 = "ims_kernel.web.errors.forbidden"
handler404 = "ims_kernel.web.errors.not_found"
handler500 = "ims_kernel.web.errors.server_error"
