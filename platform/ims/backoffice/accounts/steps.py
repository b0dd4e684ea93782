"""Bringing a file of accounts in, and deciding what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.accounts import services, states
from ims.accounts.errors import (
    AlreadyLoaded,
    LoadStepRefused,
    NotConfirmed,
    PreviewOutOfDate,
)
from ims.backoffice.accounts.forms import ReasonForm, UploadForm
from ims.backoffice.accounts.loads import apply_form, get_load, show_load
from ims.backoffice.asking import actor_of, step_of
from ims.funds.errors import FundNotFound
from ims.funds.selectors import list_funds
from ims_kernel import clock
from ims_kernel.files import FileTooLarge
from ims_kernel.identity.gate import requires

if TYPE_CHECKING:
    from ims.accounts.models import AccountLoad


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.load")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and send it. The same file again leads to the first one."""
    within = actor_of(request).within("accounts.load", "fund")
    funds = [
        fund
        for fund in list_funds()
        if fund.is_active and fund.purpose != "suspense" and (within is None or fund.code in within)
    ]
    form = UploadForm(funds=funds)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, funds=funds)
        if form.is_valid():
            answer = _receive(request, form)
            if answer is not None:
                return answer
    megabytes = settings.IMS_MAX_UPLOAD_BYTES // (1024 * 1024)
    context = {"form": form, "max_megabytes": megabytes}
    return render(request, "backoffice/accounts/upload.html", context)


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse | None:
    given = form.cleaned_data
    file = services.AccountFile(
        given["file"].name, given["file"].chunks(), given["fund"], given["mode"]
    )
    try:
        found = services.receive(file, actor=actor_of(request), at=clock.now())
    except AlreadyLoaded as error:
        context = {"message": error.message, "first_id": error.facts.get("load_id")}
        return render(request, "backoffice/accounts/already.html", context, status=error.status)
    except FileTooLarge as error:
        form.add_ims_error(error, "file")
    except FundNotFound as error:
        form.add_ims_error(error, "fund")
    else:
        return redirect("account_load", found.pk)
    return None


@step_of("account_load")
@requires("accounts.load")
def apply(request: HttpRequest, load_id: int) -> HttpResponseBase:
    """Start applying. Whoever presses second is told who was first."""
    found = get_load(request, load_id)
    form = apply_form(found, request.POST)
    form.is_valid()
    agreed = services.Agreed(
        closing=bool(form.cleaned_data.get("closing")),
        rejected=bool(form.cleaned_data.get("rejected")),
    )
    try:
        services.request_apply(load_id, agreed, actor=actor_of(request), at=clock.now())
    except NotConfirmed as error:
        field = str(error.facts["field"])
        form.add_ims_error(error, field if field in form.fields else None)
        return show_load(request, found, form)
    except (LoadStepRefused, PreviewOutOfDate) as error:
        found = get_load(request, load_id)
        messages.warning(request, _already(found) or error.message)
    return redirect("account_load", load_id)


def _already(found: AccountLoad) -> str:
    if found.state == states.APPLYING:
        return f"This file is already being applied, by {found.applying_by}."
    if found.state == states.APPLIED:
        return f"This file is already applied, by {found.applying_by}. Nothing was done twice."
    return ""


@step_of("account_load")
@requires("accounts.load")
def read_again(request: HttpRequest, load_id: int) -> HttpResponse:
    """Compare every line with the accounts of now."""
    try:
        services.read_again(load_id, actor=actor_of(request), at=clock.now())
    except LoadStepRefused as error:
        messages.warning(request, error.message)
    return redirect("account_load", load_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.load")
def discard(request: HttpRequest, load_id: int) -> HttpResponse:
    """Set a file aside, with the reason."""
    found = get_load(request, load_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Why are you discarding this file?",
        hint="For example, a corrected file is coming. It is kept in the history.",
        missing="Enter why you are discarding this file",
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.discard(load_id, reason=reason, actor=actor_of(request), at=clock.now())
        except LoadStepRefused as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, f"{found.file_name} was discarded. No account was changed.")
        return redirect("account_load", load_id)
    return render(request, "backoffice/accounts/discard.html", {"form": form, "load": found})
