"""Making a ledger file, and saying what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of, step_of
from ims.backoffice.exports.forms import MakeForm, RejectForm
from ims.backoffice.exports.views import list_page
from ims.exports import selectors, services
from ims.exports.errors import (
    CellUnwritable,
    FileUnreadable,
    LayoutInvalid,
    NothingToExport,
    RunInOtherState,
    RunUnderWay,
    StoredFileChanged,
    TotalsDisagree,
)
from ims_kernel import clock
from ims_kernel.identity.gate import requires

if TYPE_CHECKING:
    from ims.exports.models import ExportRun

_NOT_MADE = (
    CellUnwritable,
    FileUnreadable,
    LayoutInvalid,
    NothingToExport,
    RunUnderWay,
    TotalsDisagree,
)
_NOT_PROVED = (RunInOtherState, StoredFileChanged, FileUnreadable, TotalsDisagree)


@step_of("exports")
@requires("exports.run")
def make(request: HttpRequest) -> HttpResponse:
    """Make the next file by one layout."""
    layouts = selectors.list_layouts()
    form = MakeForm(request.POST, layouts=layouts)
    if not form.is_valid():
        return list_page(request, form, layouts)
    try:
        run = services.run(
            form.cleaned_data["layout"],
            actor=actor_of(request),
            at=clock.now(),
            up_to=form.cleaned_data["up_to"],
        )
    except _NOT_MADE as error:
        messages.warning(request, error.message)
        return redirect("exports")
    messages.success(request, f"{run.reference} was made and agrees with the ledger.")
    return redirect("export", run.pk)


@step_of("export")
@requires("exports.run")
def mark_sent(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file has gone to the finance system."""
    return _step(request, run_id, services.mark_sent, "is marked as sent")


@step_of("export")
@requires("exports.run")
def accept(request: HttpRequest, run_id: int) -> HttpResponse:
    """The finance system took the file."""
    return _step(request, run_id, services.accept, "is accepted. Its lines never leave again")


def _step(
    request: HttpRequest, run_id: int, step: Callable[..., ExportRun], said: str
) -> HttpResponse:
    try:
        run = step(run_id, actor=actor_of(request), at=clock.now())
    except _NOT_PROVED as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, f"{run.reference} {said}.")
    return redirect("export", run_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exports.run")
def reject(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file is not used; its lines go into the next one."""
    run = selectors.get_run(run_id)
    form = RejectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reject(
                run_id, reason=form.cleaned_data["reason"], actor=actor_of(request), at=clock.now()
            )
        except RunInOtherState as error:
            messages.warning(request, error.message)
        else:
            messages.success(
                request, f"{run.reference} is rejected. Its lines go into the next file."
            )
        return redirect("export", run_id)
    return render(request, "backoffice/exports/reject.html", {"run": run, "form": form})
