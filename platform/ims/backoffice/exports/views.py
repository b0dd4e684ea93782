"""Looking at ledger files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.exports.forms import MakeForm
from ims.backoffice.exports.showing import TAGS, history, steps
from ims.exports import selectors, services
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import paginate

if TYPE_CHECKING:
    from ims.exports.models import ExportLayout


@require_safe
@requires("exports.view")
def run_list(request: HttpRequest) -> HttpResponse:
    """What waits to leave, and the files made, the newest first."""
    layouts = selectors.list_layouts()
    return list_page(request, MakeForm(layouts=layouts), layouts)


def list_page(request: HttpRequest, form: MakeForm, layouts: list[ExportLayout]) -> HttpResponse:
    """The list, with the form that makes the next file."""
    context = {
        "form": form,
        "waiting": selectors.waiting(),
        "layouts": layouts,
        "page": paginate(selectors.runs(), request.GET, by="created_at", size=25),
        "tags": TAGS,
        "may_run": actor_of(request).may("exports.run"),
    }
    return render(request, "backoffice/exports/list.html", context)


@require_safe
@requires("exports.view")
def run_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """One ledger file: what it adds up to, and what can be done with it."""
    run = selectors.get_run(run_id)
    context = {
        "run": run,
        "tag": TAGS[run.state],
        "steps": steps(run),
        "history": history(history_of("export", run_id)),
        "may_run": actor_of(request).may("exports.run"),
    }
    return render(request, "backoffice/exports/run.html", context)


@require_safe
@requires("exports.view")
def run_file(request: HttpRequest, run_id: int) -> FileResponse:
    """The file itself, the same bytes every time."""
    run, stream = services.open_file(run_id, actor=actor_of(request), at=clock.now())
    return FileResponse(
        stream,
        as_attachment=True,
        filename=run.file_name,
        content_type="application/octet-stream",
    )
