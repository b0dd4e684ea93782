"""The settings as a file: downloading it, and comparing another with what holds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.configuration.forms import FileForm
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.configuration import kept, writing
from ims_kernel.configuration.applying import PERMISSION
from ims_kernel.errors import ImsError
from ims_kernel.identity.gate import requires
from ims_tenants.current import council, training_council


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.view")
def file(request: HttpRequest) -> HttpResponse:
    """What the file is, its download, and the form that compares one."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, FileForm())
    actor.require(PERMISSION)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        name = form.cleaned_data["file"].name
        try:
            token = kept.compare(form.found, name, actor=actor, at=clock.now())
        except ImsError as error:
            form.add_ims_error(error, "file")
        else:
            return redirect("setting_comparison", token)
    return _page(request, form)


def _page(request: HttpRequest, form: FileForm) -> HttpResponse:
    may_apply = actor_of(request).may(PERMISSION)
    context: dict[str, Any] = {
        "form": form,
        "may_apply": may_apply,
        "training": training_council() if may_apply else None,
    }
    return render(request, "backoffice/configuration/file.html", context)


@require_safe
@requires("settings.view")
def download(request: HttpRequest) -> HttpResponse:
    """This council's settings as TOML, as `ims config export` writes them. Who took it is kept."""
    here, at = council(), clock.now()
    text = writing.write(here.name)
    record_read(
        actor_of(request), Subject("configuration", "file"), at=at, act="configuration.download"
    )
    name = f"{slugify(here.name)}-settings-{clock.day_of(at):%Y-%m-%d}.toml"
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
