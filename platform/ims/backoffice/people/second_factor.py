"""Resetting the second factor of somebody who lost it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.people.forms import ReasonForm
from ims_kernel import clock
from ims_kernel.identity import selectors
from ims_kernel.identity.errors import OwnGrants
from ims_kernel.identity.gate import requires
from ims_kernel.signin import factors

RESET = "signin.reset_factor"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RESET)
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """Asks why, then removes every second factor and ends the person's sessions."""
    user = selectors.get_person(person_id)
    if actor_of(request).user_id == user.pk:
        raise OwnGrants("Change your own second factor under your name at the top of the page.")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        factors.reset_second_factor(
            user, actor=actor_of(request), at=clock.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(
            request,
            f"The second factor of {user.name} is reset. They set up a new one when they next "
            "sign in.",
        )
        return redirect("person_factor_reset", person_id)
    context = {"form": form, "user": user, "has": factors.of(user)}
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/reset_factor.html", context, status=status)
