"""Taking a record out of use, and putting it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.settings import showing
from ims.backoffice.settings.forms import ReasonForm
from ims.backoffice.settings.showing import address
from ims.backoffice.settings.views import kind_for
from ims_kernel import clock
from ims_kernel.identity.gate import requires
from ims_kernel.records import proposals, selectors, services
from ims_kernel.records.errors import ChangedMeanwhile, FieldRefused, RecordInUse, RecordRefused
from ims_kernel.records.kinds import Kind
from ims_kernel.records.services import Asked, Saved

_REFUSALS = (ChangedMeanwhile, FieldRefused, RecordInUse, RecordRefused)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def retire(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take a record out of use. Nothing is ever deleted."""
    return _switch(request, slug, key, active=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def restore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Put a retired record back into use."""
    return _switch(request, slug, key, active=True)


def _switch(request: HttpRequest, slug: str, key: str, *, active: bool) -> HttpResponse:
    kind = kind_for(request, slug)
    actor_of(request).require(kind.change)
    record = selectors.get(kind, key)
    if kind.single or (request.method != "POST" and record.is_active == active):
        return redirect(address(kind, key))
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label=f"Why are you {'putting it back' if active else 'retiring it'}?",
        initial={"seen": record.digest},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asked = Asked(actor_of(request), clock.now(), given["reason"], given["seen"])
            step = services.restore if active else services.retire
            saved = step(kind, key, asked=asked)
        except _REFUSALS as error:
            messages.warning(request, error.message)
            return redirect(request.path)
        return _done(request, kind, saved, f"{record.title} is {_state(active=active)}.")
    found = [] if active else selectors.where_used(record)
    context: dict[str, Any] = {
        "kind": kind,
        "record": record,
        "form": form,
        "active": active,
        "blocking": showing.uses(use for use in found if use.blocks),
        "uses": showing.uses(use for use in found if not use.blocks),
        "second_person": proposals.needed(kind),
    }
    return render(request, "backoffice/settings/switch.html", context)


def _state(*, active: bool) -> str:
    return "in use again" if active else "retired"


def _done(request: HttpRequest, kind: Kind, saved: Saved, said: str) -> HttpResponse:
    if saved.waiting:
        messages.info(
            request, "Your change waits for a second person. Nothing is different until then."
        )
        return redirect("setting_changes")
    messages.success(request, said)
    return redirect(address(kind, saved.key))
