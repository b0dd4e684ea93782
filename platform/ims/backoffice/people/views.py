"""Looking at people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.people import showing
from ims.backoffice.people.forms import PeopleFilter
from ims.backoffice.people.second_factor import RESET
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity import selectors
from ims_kernel.identity.gate import requires
from ims_kernel.identity.scopes import all_choices
from ims_kernel.identity.states import LABELS, Event, State, possible
from ims_kernel.web.pagination import AFTER, BEFORE, paginate, with_query

VIEW, MANAGE = "people.view", "people.manage"
_FILTERS = {"text": "Name or address", "state": "State"}


@require_safe
@requires(VIEW)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody the council has or had, by name."""
    form = PeopleFilter(request.GET or None)
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    text, state = given.get("text") or "", given.get("state") or ""
    found = selectors.people(text=text, state=state)
    context = {
        "form": form,
        "page": paginate(found, request.GET, by="name", size=50, oldest_first=True),
        "chips": _chips(request, text=text, state=LABELS[State(state)] if state else ""),
        "counts": selectors.counts_by_state(),
        "labels": LABELS,
        "tag": showing.tag,
        "waiting": selectors.waiting_requests(),
        "may_manage": actor_of(request).may(MANAGE),
    }
    return render(request, "backoffice/people/list.html", context)


def _chips(request: HttpRequest, **shown: str) -> list[dict[str, str]]:
    return [
        {
            "label": _FILTERS[name],
            "text": text,
            "remove": with_query(request.GET, **{name: None, AFTER: None, BEFORE: None}),
        }
        for name, text in shown.items()
        if text
    ]


@require_safe
@requires(VIEW)
def person_detail(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: what they may do, where and how much, and what was done about it."""
    user = selectors.get_person(person_id)
    actor = actor_of(request)
    record_read(actor, Subject("person", user.pk), at=clock.now())
    is_self = actor.user_id == user.pk
    may_manage = actor.may(MANAGE) and not is_self
    names = all_choices()
    held = selectors.grants_of(person_id)
    invitation = selectors.open_invitation(person_id, at=clock.now())
    context = {
        "user": user,
        "tag": showing.tag(user),
        "facts": showing.facts(user),
        "grants": [
            showing.row(grant, names, may_manage=may_manage)
            for grant in held
            if grant.ended_at is None
        ],
        "ended": [
            showing.row(grant, names, may_manage=False)
            for grant in held
            if grant.ended_at is not None
        ],
        "requests": [
            showing.request_row(each, names, may_manage=may_manage)
            for each in selectors.waiting_requests(person_id)
        ],
        "invitation": invitation,
        "can": {event.value for event in possible(user.state)},
        "Event": Event,
        "is_self": is_self,
        "may_manage": may_manage,
        "may_reset_factor": actor.may(RESET) and not is_self,
        "history": showing.history(history_of("person", person_id), names),
    }
    return render(request, "backoffice/people/person.html", context)
