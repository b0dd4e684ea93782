"""Taking a role away, and deciding on one that waits for a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.people import showing
from ims.backoffice.people.forms import ReasonForm
from ims.backoffice.people.person import show_refusal
from ims.backoffice.people.views import MANAGE
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity import grants, selectors
from ims_kernel.identity.gate import requires
from ims_kernel.identity.scopes import all_choices

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@requires(MANAGE)
def end_grant(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role away: says what it is, asks why."""
    grant = selectors.get_grant(grant_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            grants.end(
                grant_id,
                actor=actor_of(request),
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except ImsError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{grant.user.name} no longer has the role.")
            return redirect("person", grant.user_id)
    context = {
        "form": form,
        "grant": grant,
        "row": showing.row(grant, all_choices(), may_manage=False),
    }
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/end.html", context, status=status)


@require_http_methods(_METHODS)
@requires(MANAGE)
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve or refuse a role that waits."""
    found = selectors.get_request(request_id)
    approve = "approve" in request.POST
    if request.method == "POST" and (approve or "refuse" in request.POST):
        grants.decide(request_id, approve=approve, actor=actor_of(request), at=clock.now())
        words = "has the role now" if approve else "does not get the role"
        messages.success(request, f"{found.user.name} {words}.")
        return redirect("person", found.user_id)
    actor = actor_of(request)
    context = {
        "found": found,
        "row": showing.request_row(found, all_choices(), may_manage=False),
        "is_waiting": found.state == "waiting",
        "is_own": actor.user_id == found.proposed_by_id,
        "is_self": actor.user_id == found.user_id,
    }
    return render(request, "backoffice/people/request.html", context)
