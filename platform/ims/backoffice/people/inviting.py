"""Inviting somebody, and inviting them again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of, step_of
from ims.backoffice.people.forms import InviteForm
from ims.backoffice.people.links import invitation_url, send_invitation
from ims.backoffice.people.person import show_refusal
from ims.backoffice.people.views import MANAGE
from ims.funds.selectors import list_offices
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity import people, selectors
from ims_kernel.identity.gate import requires
from ims_kernel.identity.people import Invited, Joiner
from ims_kernel.identity.scopes import all_choices
from ims_kernel.identity.states import Event, possible


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new, with their first role."""
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        roles=selectors.roles(),
        choices=all_choices(),
        offices=[(office.code, office.name) for office in list_offices()],
        role_required=False,
        initial={"starts_on": clock.today()},
    )
    if form.is_valid():
        invited = _invited(request, form)
        if invited is not None:
            return _link_page(request, invited)
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/invite.html", {"form": form}, status=status)


def _invited(request: HttpRequest, form: InviteForm) -> Invited | None:
    given, draft = form.cleaned_data, form.draft()
    joiner = Joiner(
        given["email"], given["name"], given.get("office", ""), [draft] if draft else []
    )
    try:
        return people.invite(joiner, actor=actor_of(request), at=clock.now())
    except ImsError as error:
        show_refusal(form, error)
        return None


@step_of("person")
@requires(MANAGE)
def new_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new link for somebody invited, or the way back for somebody who left."""
    user = selectors.get_person(person_id)
    back = Event.REJOIN in possible(user.state)
    ask = people.rejoin if back else people.invite_again
    return _link_page(request, ask(person_id, actor=actor_of(request), at=clock.now()))


def _link_page(request: HttpRequest, invited: Invited) -> HttpResponse:
    """The link is shown now and never again: only its digest is kept."""
    user = selectors.get_person(invited.user_id)
    url = invitation_url(invited.token)
    sent = send_invitation(
        email=user.email,
        url=url,
        invited_by=actor_of(request).name,
        expires_at=invited.expires_at,
    )
    context = {"user": user, "link": url, "sent": sent, "invited": invited}
    return render(request, "backoffice/people/invited.html", context)
