"""Looking at settings: the list of a kind, and one record with its history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.settings import showing
from ims.backoffice.settings.extras import extras_of
from ims.backoffice.settings.forms import SearchForm
from ims.backoffice.settings.names import Names
from ims_kernel.identity.gate import requires
from ims_kernel.records import selectors
from ims_kernel.records.kinds import ONLY, Kind, get_kind
from ims_kernel.records.selectors import Record
from ims_kernel.web.pagination import paginate


def kind_for(request: HttpRequest, slug: str) -> Kind:
    """The kind, for somebody who may see it. Raises KindNotFound or NotAllowed."""
    kind = get_kind(slug)
    actor_of(request).require(kind.see)
    return kind


def waiting_on(kind: Kind, key: str) -> list[Any]:
    """The proposed changes of one record that wait for a second person."""
    wanted = (kind.slug, "" if kind.single else key)
    return [
        change
        for change in selectors.waiting_changes()
        if (change.kind_slug, "" if kind.single else change.key) == wanted
    ]


@require_safe
@requires("settings.view")
def kind_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The records of a kind; of a kind with one record, that record."""
    kind = kind_for(request, slug)
    if kind.single:
        return _record_page(request, selectors.get(kind, ONLY))
    form = SearchForm(request.GET or None)
    text, state = form.wanted()
    page = paginate(
        selectors.find(kind, text, state), request.GET, by=kind.sort or kind.key, oldest_first=True
    )
    in_use, retired = selectors.counts(kind)
    context = {
        "kind": kind,
        "form": form,
        "text": text,
        "state": state,
        "page": page,
        "rows": showing.listed(kind, page.rows),
        "in_use": in_use,
        "retired": retired,
        "may_change": actor_of(request).may(kind.change),
        "extras": extras_of(kind, None, actor_of(request)),
    }
    return render(request, "backoffice/settings/list.html", context)


@require_safe
@requires("settings.view")
def record(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One record: what it says, where it is used, and what happened to it."""
    kind = kind_for(request, slug)
    if kind.single:
        return redirect("setting_kind", slug)
    return _record_page(request, selectors.get(kind, key))


def _record_page(request: HttpRequest, found: Record) -> HttpResponse:
    kind = found.kind
    names = Names(kind.fields, [found.values])
    context = {
        "kind": kind,
        "record": found,
        "parts": showing.parts(found, names),
        "uses": showing.uses(selectors.where_used(found)),
        "history": showing.history(kind, selectors.history(found)),
        "waiting": waiting_on(kind, found.key),
        "may_change": actor_of(request).may(kind.change),
        "extras": extras_of(kind, found, actor_of(request)),
    }
    return render(request, "backoffice/settings/record.html", context)
