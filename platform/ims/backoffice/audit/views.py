"""Searching the audit trail, downloading it, and looking at one event. Each is recorded in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.audit import showing
from ims.backoffice.audit.csv_file import written
from ims.backoffice.audit.forms import AuditSearch
from ims.backoffice.audit.objects import address_of, name_of
from ims.backoffice.downloads import csv_response
from ims_kernel import clock
from ims_kernel.audit import acts, selectors
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import AFTER, BEFORE, Page, paginate, with_query

VIEW = "audit.view"
PAGE_SIZE = 50


@require_safe
@requires(VIEW)
def event_list(request: HttpRequest) -> HttpResponse:
    """The search page. Without filters it shows the newest changes and downloads."""
    form = AuditSearch(request.GET)
    context: dict[str, Any] = {
        "form": form if form.errors else None,
        "search": form,
        "chips": showing.chips(form, request.GET),
        "page": Page([], "", ""),
        "first_page": with_query(request.GET, **{AFTER: None, BEFORE: None}),
    }
    if not form.is_valid():
        return render(request, "backoffice/audit/list.html", context, status=400)
    page = paginate(selectors.find(form.wanted()), request.GET, by="at", size=PAGE_SIZE)
    actor = actor_of(request)
    _record_look(request, "search", filters=_used(form))
    context |= {
        "page": page,
        "words": acts.words,
        "who": showing.who,
        "name_of": name_of,
        "address_of": lambda event: address_of(event.object_kind, event.object_id, actor),
    }
    return render(request, "backoffice/audit/list.html", context)


@require_safe
@requires(VIEW)
def events_csv(request: HttpRequest) -> HttpResponseBase:
    """The events of the same search as a CSV file. Who took it, and how many, is recorded."""
    form = AuditSearch(request.GET)
    if not form.is_valid():
        return event_list(request)
    rows = selectors.find(form.wanted())
    number, at = selectors.check_download(rows), clock.now()
    record_read(
        actor_of(request), Subject("audit", "csv"), at=at, act="audit.download", rows=number,
        filters=_used(form),
    )  # fmt: skip
    name = f"audit-{at.astimezone(clock.LONDON):%Y-%m-%d-%H%M}.csv"
    return csv_response(written(selectors.download(rows)), file_name=name)


@require_safe
@requires(VIEW)
def event_detail(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event: what changed, where it came from, and whether it is as it was sealed."""
    event = selectors.get_event(event_id)
    actor = actor_of(request)
    _record_look(request, event_id)
    context = {
        "event": event,
        "title": acts.words(event.act),
        "facts": showing.facts(event, actor),
        "changes": showing.changes(event),
        "more": showing.more(event),
        "seal": showing.seal(event),
    }
    return render(request, "backoffice/audit/event.html", context)


def _used(form: AuditSearch) -> list[str]:
    """The names of the filters only: what was typed may be somebody's name."""
    return sorted(name for name, value in form.cleaned_data.items() if value)


def _record_look(request: HttpRequest, what: int | str, **facts: Any) -> None:
    record_read(actor_of(request), Subject("audit", what), at=clock.now(), **facts)
