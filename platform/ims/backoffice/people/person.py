"""Changing one person: their name, their roles, and whether they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of, step_of
from ims.backoffice.people.forms import DetailsForm, GiveForm, ReasonForm
from ims.backoffice.people.views import MANAGE
from ims.funds.selectors import list_offices
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity import grants, people, selectors
from ims_kernel.identity.errors import LastManager, OwnGrants, PersonInOtherState
from ims_kernel.identity.gate import requires
from ims_kernel.identity.scopes import all_choices
from ims_kernel.web.forms import PageForm

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

_METHODS = ["GET", "HEAD", "POST"]


def show_refusal(form: PageForm, error: ImsError) -> None:
    """Put what a service refused beside the field it names, or on top."""
    field = error.facts.get("field")
    form.add_ims_error(error, field if field in form.fields else None)


@require_http_methods(_METHODS)
@requires(MANAGE)
def details(request: HttpRequest, person_id: int) -> HttpResponse:
    """The name and office of a person."""
    user = selectors.get_person(person_id)
    start = {"name": user.name, "office": user.office_code}
    offices = [(office.code, office.name) for office in list_offices()]
    if user.office_code and user.office_code not in dict(offices):
        # Retired since: still theirs until somebody chooses another.
        offices.append((user.office_code, "(no longer in use)"))
    form = DetailsForm(
        request.POST if request.method == "POST" else None, initial=start, offices=offices
    )
    if form.is_valid():
        try:
            people.change_details(
                person_id,
                name=form.cleaned_data["name"],
                office_code=form.cleaned_data.get("office", ""),
                actor=actor_of(request),
                at=clock.now(),
            )
        except ImsError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The details are saved.")
            return redirect("person", person_id)
    context = {"form": form, "user": user}
    return render(request, "backoffice/people/details.html", context, status=_status(form))


@require_http_methods(_METHODS)
@requires(MANAGE)
def give_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a person a role, with where and how much."""
    user = selectors.get_person(person_id)
    _refuse_own(request, user)
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        roles=selectors.roles(),
        choices=all_choices(),
        initial={"starts_on": clock.today()},
    )
    if form.is_valid() and _give(request, user, form):
        return redirect("person", person_id)
    context = {"form": form, "user": user}
    return render(request, "backoffice/people/role.html", context, status=_status(form))


def _give(request: HttpRequest, user: User, form: GiveForm) -> bool:
    draft = form.draft()
    if draft is None:
        return False
    try:
        given = grants.give(
            user.pk,
            draft,
            actor=actor_of(request),
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except ImsError as error:
        show_refusal(form, error)
        return False
    if given.grant_id is not None:
        messages.success(request, f"{user.name} has the role now.")
    else:
        messages.success(
            request, "The role waits for a second person, who approves or refuses it on this page."
        )
    return True


@require_http_methods(_METHODS)
@requires(MANAGE)
def leave(request: HttpRequest, person_id: int) -> HttpResponse:
    """Somebody leaves: asks why, then ends their sessions and roles."""
    user = selectors.get_person(person_id)
    _refuse_own(request, user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            people.leave(
                person_id,
                actor=actor_of(request),
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except (LastManager, PersonInOtherState) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"{user.name} has left. They are signed out and hold no role."
            )
            return redirect("person", person_id)
    context = {"form": form, "user": user}
    return render(request, "backoffice/people/leave.html", context, status=_status(form))


@step_of("person")
@requires(MANAGE)
def reactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody dormant back in."""
    people.reactivate(person_id, actor=actor_of(request), at=clock.now())
    user = selectors.get_person(person_id)
    messages.success(request, f"{user.name} can sign in again.")
    return redirect("person", person_id)


def _refuse_own(request: HttpRequest, user: User) -> None:
    if actor_of(request).user_id == user.pk:
        raise OwnGrants("Nobody can change what they themselves may do. Ask another manager.")


def _status(form: PageForm) -> int:
    return 400 if form.errors else 200
