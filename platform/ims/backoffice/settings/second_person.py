"""Changes that wait for a second person: seeing them, approving them, turning them down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.settings import showing
from ims.backoffice.settings.showing import address
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity.gate import requires
from ims_kernel.records import selectors, services
from ims_kernel.records.errors import RecordNotFound
from ims_kernel.records.kinds import ONLY, Kind, all_kinds, get_kind
from ims_kernel.web.forms import PageForm

if TYPE_CHECKING:
    from ims_kernel.records.models import ProposedChange

_APPROVE = "approve"
ACTS = {"save": "Change", "retire": "Retire", "restore": "Put back into use"}
TAGS = {
    "waiting": ("Waiting", "yellow"),
    "approved": ("Approved", "green"),
    "refused": ("Refused", "red"),
}


class DecisionForm(PageForm):
    """Why a change is approved or refused."""

    reason = forms.CharField(
        label="Reason",
        help_text="It is kept in the history. You can approve without one, and not refuse.",
        required=False,
        max_length=500,
    )


@require_safe
@requires("settings.view")
def change_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the oldest first."""
    seen = {kind.slug: kind for kind in all_kinds() if actor_of(request).may(kind.see)}
    waiting = [
        (change, seen[change.kind_slug], _act(change))
        for change in selectors.waiting_changes()
        if change.kind_slug in seen
    ]
    context = {"waiting": waiting, "user_id": actor_of(request).user_id}
    return render(request, "backoffice/settings/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One proposed change: before and after, and the two buttons that decide it."""
    found, kind = _find(request, change_id)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, found, kind, form)
    actor_of(request).require(kind.change)
    approving = _APPROVE in request.POST
    if form.is_valid() and not approving and not form.cleaned_data["reason"]:
        form.add_error("reason", "Enter why you refuse this change")
    if not form.is_valid():
        return _page(request, found, kind, form)
    decide = services.approve if approving else services.refuse
    try:
        decide(
            change_id,
            actor=actor_of(request),
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except ImsError as error:
        # Whatever stands in its way now, such as a code taken meanwhile: nothing was done.
        messages.warning(request, error.message)
        return redirect("setting_change", change_id)
    messages.success(request, f"{found.title}: the change is {'made' if approving else 'refused'}.")
    return redirect("setting_changes")


def _find(request: HttpRequest, change_id: int) -> tuple[ProposedChange, Kind]:
    found = selectors.find_change(change_id)
    if found is None:
        raise RecordNotFound("There is no such proposed change. Go back to the list of changes.")
    kind = get_kind(found.kind_slug)
    actor_of(request).require(kind.see)
    return found, kind


def _page(
    request: HttpRequest, found: ProposedChange, kind: Kind, form: DecisionForm
) -> HttpResponse:
    actor = actor_of(request)
    key = ONLY if kind.single else found.key
    is_own = actor.user_id is not None and actor.user_id == found.proposed_by_id
    if is_own:
        form.fields["reason"].help_text = "It is kept in the history."
    context: dict[str, Any] = {
        "change": found,
        "kind": kind,
        "form": form,
        "act": _act(found),
        "tag": TAGS[found.state],
        "differences": showing.differences(kind.fields, found.before, found.after),
        "is_new": not found.before,
        "is_waiting": found.state == "waiting",
        "is_own": is_own,
        "may_change": actor.may(kind.change),
        "record_href": address(kind, key) if key else "",
    }
    return render(request, "backoffice/settings/change.html", context)


def _act(found: ProposedChange) -> str:
    return "Add" if found.act == "save" and not found.key else ACTS[found.act]
