"""Bringing a file in, and deciding what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of, step_of
from ims.backoffice.imports.forms import DiscardForm, UploadForm
from ims.backoffice.setting_up import setting_up
from ims.imports import selectors, services, states
from ims.imports.errors import AlreadyReceived, ImportStepRefused, ProfileNotFound, RulesChanged
from ims.imports.services import Upload
from ims_kernel import clock
from ims_kernel.files import FileTooLarge
from ims_kernel.identity.gate import requires

if TYPE_CHECKING:
    from ims.imports.models import ImportFile


@require_http_methods(["GET", "HEAD", "POST"])
@requires("imports.upload")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and send it. The same file again leads to the first one."""
    profiles = selectors.list_profiles()
    form = UploadForm(profiles=profiles)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, profiles=profiles)
        if form.is_valid():
            answer = _receive(request, form)
            if answer is not None:
                return answer
    megabytes = settings.IMS_MAX_UPLOAD_BYTES // (1024 * 1024)
    context = {
        "form": form,
        "profiles": profiles,
        "max_megabytes": megabytes,
        "setting_up": setting_up(actor_of(request)),
    }
    return render(request, "backoffice/imports/upload.html", context)


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse | None:
    file = form.cleaned_data["file"]
    given = Upload(file.name, file.chunks(), form.cleaned_data["profile"])
    try:
        found = services.receive(given, actor=actor_of(request), at=clock.now())
    except AlreadyReceived as error:
        context = {"message": error.message, "first_id": error.facts.get("import_id")}
        return render(request, "backoffice/imports/already.html", context, status=error.status)
    except FileTooLarge as error:
        form.add_ims_error(error, "file")
    except ProfileNotFound as error:
        form.add_ims_error(error, "profile")
    else:
        return redirect("import", found.pk)
    return None


@step_of("import")
@requires("imports.post")
def post(request: HttpRequest, import_id: int) -> HttpResponse:
    """Start posting. Whoever presses second is told who was first, and sees how far it is."""
    try:
        services.request_post(import_id, actor=actor_of(request), at=clock.now())
    except (ImportStepRefused, RulesChanged) as error:
        found = selectors.get_import(import_id)
        messages.warning(request, _already(found) or error.message)
    return redirect("import", import_id)


def _already(found: ImportFile) -> str:
    if found.state == states.POSTING:
        return f"This import is already being posted, by {found.posting_by}."
    if found.state == states.POSTED:
        return f"This import is already posted, by {found.posting_by}. Nothing was posted twice."
    return ""


@step_of("import")
@requires("imports.upload")
def read_again(request: HttpRequest, import_id: int) -> HttpResponse:
    """Decide every line again by the rules of now."""
    try:
        services.read_again(import_id, actor=actor_of(request), at=clock.now())
    except ImportStepRefused as error:
        messages.warning(request, error.message)
    return redirect("import", import_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("imports.upload")
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Set a file aside, with the reason."""
    found = selectors.get_import(import_id)
    form = DiscardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.discard(
                import_id,
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                at=clock.now(),
            )
        except ImportStepRefused as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, f"{found.file_name} was discarded. Nothing was posted.")
        return redirect("import", import_id)
    context = {"form": form, "file": found}
    return render(request, "backoffice/imports/discard.html", context)
