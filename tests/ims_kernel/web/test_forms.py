from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from ims_kernel.errors import Conflict
from ims_kernel.web.forms import DayField, MoneyField, PageForm, error_list, field_params


class Sample(PageForm):
    payer = forms.CharField(label="Payer")
    vat_code = forms.CharField(label="VAT code")
    amount = MoneyField(label="Amount", required=False)
    received = DayField(label="Date received", required=False)
    method = forms.ChoiceField(
        label="Method", widget=forms.RadioSelect, choices=[(1, "Cash"), (2, "Card")]
    )
    fund = forms.ChoiceField(label="Fund", choices=[("", "All"), ("a", "A")], required=False)
    copies = forms.MultipleChoiceField(
        label="Copies",
        widget=forms.CheckboxSelectMultiple,
        choices=[("x", "X"), ("y", "Y")],
        required=False,
    )
    checked = forms.BooleanField(label="I have checked it")
    statement = forms.FileField(label="Bank statement")
    own_words = forms.CharField(label="Reason", error_messages={"required": "Say why"})


GOOD = {
    "payer": "J Okafor",
    "vat_code": "S",
    "amount": "£1,234.50",
    "received": "3 Nov 2026",
    "method": "2",
    "copies": ["y"],
    "checked": "on",
    "own_words": "Because",
}


def _filled(**changes: object) -> Sample:
    return Sample({**GOOD, **changes}, {"statement": SimpleUploadedFile("a.csv", b"1")})


def test_money_becomes_pence_and_a_day_becomes_a_date() -> None:
    form = _filled()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == 123_450
    assert form.cleaned_data["received"] == date(2026, 11, 3)


def test_money_and_days_may_be_left_out() -> None:
    form = _filled(amount=" ", received="")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] is None
    assert form.cleaned_data["received"] is None


def test_first_values_are_shown_as_people_write_them() -> None:
    form = Sample(initial={"amount": 123_450, "received": date(2026, 11, 3)})
    assert field_params(form["amount"])["value"] == "1234.50"
    assert field_params(form["received"])["value"] == "3/11/2026"


def test_what_was_typed_is_shown_again_with_the_reason() -> None:
    form = _filled(amount="1.234", received="31/2/2026")
    assert field_params(form["amount"])["value"] == "1.234"
    assert field_params(form["amount"])["errorMessage"] == {
        "text": "“1.234” is not an amount. Write pounds and pence, like 1234.50."
    }
    assert form.errors.as_data()["received"][0].code == "web.date_unreadable"


def test_missing_answers_say_what_to_do_and_link_to_their_field() -> None:
    assert error_list(Sample({})) == [
        {"text": "Enter payer", "href": "#id_payer"},
        {"text": "Enter VAT code", "href": "#id_vat_code"},
        {"text": "Select method", "href": "#id_method"},
        {"text": "Tick “I have checked it”", "href": "#id_checked"},
        {"text": "Select bank statement", "href": "#id_statement"},
        {"text": "Say why", "href": "#id_own_words"},
    ]


def test_what_a_service_refused_stands_in_the_summary() -> None:
    form = _filled()
    form.add_ims_error(Conflict("Already posted."))
    form.add_ims_error(Conflict("Payer is closed."), "payer")
    assert error_list(form) == [
        {"text": "Already posted."},
        {"text": "Payer is closed.", "href": "#id_payer"},
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("payer", "input"),
        ("method", "radios"),
        ("fund", "select"),
        ("copies", "checkboxes"),
        ("checked", "checkbox"),
        ("statement", "file"),
    ],
)
def test_each_widget_has_its_component(name: str, kind: str) -> None:
    assert field_params(Sample()[name])["kind"] == kind


def test_the_chosen_answers_stay_chosen() -> None:
    form = _filled(fund="a")
    assert [item["checked"] for item in field_params(form["method"])["items"]] == [False, True]
    assert [item["checked"] for item in field_params(form["copies"])["items"]] == [False, True]
    assert [item["selected"] for item in field_params(form["fund"])["items"]] == [False, True]
    assert field_params(form["checked"])["checked"] is True
