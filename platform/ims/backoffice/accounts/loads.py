"""Looking at loads of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.accounts import selectors, states
from ims.backoffice.accounts import showing
from ims.backoffice.accounts.forms import ApplyForm
from ims.backoffice.accounts.rejected_lines import write_rejected
from ims.backoffice.asking import actor_of
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import paginate

if TYPE_CHECKING:
    from ims.accounts.models import AccountLoad

_UNDER_WAY = (states.RECEIVED, states.APPLYING)
_REJECTED_SHOWN = 20


@require_safe
@requires("accounts.load")
def load_list(request: HttpRequest) -> HttpResponse:
    """Every load, the newest first."""
    found = selectors.loads(within=actor_of(request).within("accounts.load", "fund"))
    page = paginate(found, request.GET, by="received_at", size=25)
    return render(request, "backoffice/accounts/loads.html", {"page": page, "tags": showing.TAGS})


@require_safe
@requires("accounts.load")
def load_detail(request: HttpRequest, load_id: int) -> HttpResponse:
    """One load, as its state needs it."""
    return show_load(request, get_load(request, load_id))


def get_load(request: HttpRequest, load_id: int) -> AccountLoad:
    """The load, if it is for a fund that this person may load. Raises LoadNotFound."""
    return selectors.get_load(load_id, within=actor_of(request).within("accounts.load", "fund"))


def show_load(
    request: HttpRequest, found: AccountLoad, form: ApplyForm | None = None
) -> HttpResponse:
    """The page of a load; `form` is one that was sent and not accepted."""
    is_ready = found.state == states.READY
    rejected = selectors.load_rows_of(found.pk, "reject").order_by("line_number")
    context: dict[str, Any] = {
        "load": found,
        "tag": showing.TAGS[found.state],
        "parts": showing.parts(found),
        "history": showing.history(history_of("account_load", found.pk)),
        "rejected": list(rejected[:_REJECTED_SHOWN]),
        "samples": showing.samples(found) if is_ready else [],
        "is_out_of_date": is_ready and selectors.is_out_of_date(found),
        "apply_form": (form or apply_form(found)) if is_ready else None,
        "form": form,
    }
    status = 400 if form else 200
    return render(request, f"backoffice/accounts/load_{found.state}.html", context, status=status)


def apply_form(found: AccountLoad, data: Any = None) -> ApplyForm:
    """The form that applies a load, with a box for each thing that must be agreed to."""
    closing = (
        f"Close {found.closed_count:,} of {found.open_before_count:,} open accounts"
        if selectors.asks_about_closing(found)
        else ""
    )
    lines = f"{found.rejected_count:,} line{'' if found.rejected_count == 1 else 's'}"
    rejected = f"Leave out the {lines} that cannot be used" if found.rejected_count else ""
    return ApplyForm(data, closing=closing, rejected=rejected)


@require_safe
@requires("accounts.load")
def load_progress(request: HttpRequest, load_id: int) -> HttpResponse:
    """How far a load is, as the part of a page that asks every two seconds."""
    found = get_load(request, load_id)
    response = render(request, "backoffice/accounts/_progress.html", {"load": found})
    if found.state not in _UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@requires("accounts.load")
def rejected_csv(request: HttpRequest, load_id: int) -> FileResponse:
    """The lines that cannot be used as a file, for whoever made the account file."""
    found = get_load(request, load_id)
    record_read(
        actor_of(request), Subject("account_load", load_id), at=clock.now(),
        act="accounts.download", rows=found.rejected_count,
    )  # fmt: skip
    rows = selectors.load_rows_of(load_id, "reject").order_by("line_number")
    return FileResponse(
        write_rejected(rows.iterator(chunk_size=2000)),
        as_attachment=True,
        filename=f"accounts-{found.pk}-lines-not-used.csv",
        content_type="text/csv; charset=utf-8",
    )
