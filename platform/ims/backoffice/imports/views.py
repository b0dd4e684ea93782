"""Looking at imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.imports.rejected_lines import write_rejected
from ims.backoffice.imports.rows_page import rows_page
from ims.backoffice.imports.showing import OUTCOMES, TAGS, choices, history, statement
from ims.imports import selectors, states
from ims.receipts.selectors import entries_of_rows
from ims.reports.imports import preview
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import paginate

if TYPE_CHECKING:
    from ims.imports.models import ImportFile, ImportRow

_UNDER_WAY = (states.RECEIVED, states.POSTING)
_MOST_DIGITS = 18


@require_safe
@requires("imports.view")
def import_list(request: HttpRequest) -> HttpResponse:
    """Every import, the newest first."""
    found = selectors.imports().select_related("profile")
    page = paginate(found, request.GET, by="received_at", size=25)
    context = {
        "page": page,
        "tags": TAGS,
        "may_upload": actor_of(request).may("imports.upload"),
    }
    return render(request, "backoffice/imports/list.html", context)


@require_safe
@requires("imports.view")
def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import, as its state needs it."""
    found = selectors.get_import(import_id)
    context: dict[str, Any] = {
        "file": found,
        "tag": TAGS[found.state],
        "history": history(history_of("import", import_id)),
        "may_upload": actor_of(request).may("imports.upload"),
        "may_post": actor_of(request).may("imports.post"),
    }
    if found.state in (states.READY, states.POSTED):
        context |= _lines(request, found)
    return render(request, f"backoffice/imports/{found.state}.html", context)


def _lines(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    found = preview(file.pk)
    rows = selectors.rows(file.pk)
    shown = request.GET.get("show", "")
    if shown in states.OUTCOMES:
        rows = rows.filter(outcome=shown)
    rule = _rule_id(request.GET.get("rule", ""))
    if rule is not None:
        rows = rows.filter(rule_id=rule or None) if rule else rows.filter(rule_id__isnull=True)
    page = rows_page(rows, request.GET)
    return {
        "preview": found,
        "statement": statement(found),
        "rows_page": page,
        "entries": _entries(request, file, page.rows),
        "choices": choices(request, found, shown),
        "outcomes": OUTCOMES,
        "shown_rule": found.rules.get(rule) if rule else None,
    }


def _entries(request: HttpRequest, file: ImportFile, rows: list[ImportRow]) -> dict[int, int]:
    if file.state != states.POSTED or not actor_of(request).may("ledger.view"):
        return {}
    return entries_of_rows(file.pk, [row.row_number for row in rows])


def _rule_id(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if whole else None


@require_safe
@requires("imports.view")
def import_progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far a file is, as the part of a page that asks every two seconds.

    Once there is more to see than progress, the whole page is asked to load again.
    """
    found = selectors.get_import(import_id)
    response = render(request, "backoffice/imports/_progress.html", {"file": found})
    if found.state not in _UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@requires("imports.view")
def rejected_csv(request: HttpRequest, import_id: int) -> FileResponse:
    """The rejected lines as a file, for whoever made the bank file. Who took it is recorded."""
    found = selectors.get_import(import_id)
    rows = selectors.rows(import_id).filter(outcome=states.REJECT)
    record_read(
        actor_of(request), Subject("import", found.pk), at=clock.now(), act="imports.download",
        rows=found.rejected_count,
    )  # fmt: skip
    return FileResponse(
        write_rejected(rows.iterator(chunk_size=2000)),
        as_attachment=True,
        filename=f"import-{found.pk}-rejected-lines.csv",
        content_type="text/csv; charset=utf-8",
    )
