"""Adding a record and changing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.settings import showing
from ims.backoffice.settings.forms import RecordForms
from ims.backoffice.settings.showing import address, capital
from ims.backoffice.settings.views import kind_for
from ims_kernel import clock
from ims_kernel.identity.gate import requires
from ims_kernel.records import proposals, selectors, services
from ims_kernel.records.errors import (
    ChangedMeanwhile,
    FieldRefused,
    RecordKeyTaken,
    RecordRefused,
)
from ims_kernel.records.fields import Choice, Picture, Secret, Values
from ims_kernel.records.kinds import ONLY, Kind
from ims_kernel.records.selectors import Record
from ims_kernel.records.services import Asked, Saved

_REFUSALS = (FieldRefused, RecordRefused, RecordKeyTaken)
_ADD, _AGAIN = "change-add", "change-again"
# What the page about a conflict says itself.
_NOT_AGAIN = {"csrfmiddlewaretoken", "change-seen", _ADD, _AGAIN}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new record."""
    kind = kind_for(request, slug)
    actor_of(request).require(kind.change)
    if kind.single:
        return redirect("setting_edit", slug, ONLY)
    return _page_of(request, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A record with its form."""
    kind = kind_for(request, slug)
    actor_of(request).require(kind.change)
    return _page_of(request, kind, selectors.get(kind, key))


def _page_of(request: HttpRequest, kind: Kind, record: Record | None) -> HttpResponse:
    second = proposals.needed(kind)
    if request.method != "POST":
        start = _start(kind, request.GET)
        return _form_page(request, RecordForms(kind, record, second_person=second, start=start))
    forms = RecordForms(kind, record, given=request.POST, files=request.FILES, second_person=second)
    if _ADD in request.POST or _AGAIN in request.POST:
        return _form_page(request, forms.again(more=request.POST.get(_ADD, "")))
    return _saved(request, forms) if forms.is_valid() else _form_page(request, forms)


def _start(kind: Kind, asked: QueryDict) -> Values:
    """What the address chooses beforehand in the form of a new record, from lists only."""
    choices = {each.name: each for each in kind.fields if isinstance(each, Choice)}
    return {
        name: value
        for name, value in asked.items()
        if name in choices and value in dict(choices[name].options)
    }


def _saved(request: HttpRequest, forms: RecordForms) -> HttpResponse:
    """Save, and go on to what came of it."""
    why = forms.why.cleaned_data
    asked = Asked(actor_of(request), clock.now(), why["reason"], why["seen"])
    key = forms.record.key if forms.record else None
    try:
        saved = services.save(forms.kind, key, forms.values(), asked=asked)
    except _REFUSALS as error:
        forms.refuse(error)
        return _form_page(request, forms)
    except ChangedMeanwhile as error:
        return _conflict(request, forms, error)
    return _done(request, forms, saved)


def _done(request: HttpRequest, forms: RecordForms, saved: Saved) -> HttpResponse:
    if saved.waiting:
        messages.info(
            request, "Your change waits for a second person. Nothing is different until then."
        )
        return redirect("setting_changes")
    before = forms.record.values if forms.record else {}
    name = forms.kind.name_of({**before, **forms.values()})
    name = capital(name) if forms.kind.single else name
    if not saved.changed:
        messages.info(request, f"{name}: nothing was different, so nothing was changed.")
    elif before:
        messages.success(request, f"{name}: the change is saved.")
    else:
        messages.success(request, f"{name} is added.")
    return redirect(address(forms.kind, saved.key))


def _form_page(request: HttpRequest, forms: RecordForms) -> HttpResponse:
    record = forms.record
    context: dict[str, Any] = {
        "kind": forms.kind,
        "record": record,
        "forms": forms,
        "sections": forms.sections(),
        "standing": [
            {"key": each.label, "text": each.words(value) or showing.NOTHING}
            for each, value in forms.standing()
        ],
        "page_errors": forms.errors(),
        "second_person": forms.second_person,
        "back": address(forms.kind, record.key) if record else "",
    }
    return render(request, "backoffice/settings/form.html", context)


def _conflict(request: HttpRequest, forms: RecordForms, error: ChangedMeanwhile) -> HttpResponse:
    """What somebody else made of the record meanwhile, beside what was typed here."""
    assert forms.record is not None  # noqa: S101 - a new record has nobody to meet
    kind, now = forms.kind, selectors.get(forms.kind, forms.record.key)
    secrets = {each.name for each in kind.fields if isinstance(each, (Secret, Picture))}
    typed = {name: "changed" if name in secrets else v for name, v in forms.values().items()}
    mine = {**now.values, **typed}
    context = {
        "kind": kind,
        "record": now,
        "message": error.message,
        "differences": showing.differences(kind.fields, now.values, mine),
        "last": showing.history(kind, selectors.history(now)[:1]),
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in _NOT_AGAIN | secrets
        ],
    }
    return render(request, "backoffice/settings/conflict.html", context, status=409)
