"""A message with examples in place of values, and what may stand in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.council import selectors
from ims_kernel.identity.gate import requires


@require_safe
@requires("settings.view")
def preview(request: HttpRequest, message: str) -> HttpResponse:
    """One message as its reader will see it. Two queries."""
    found = selectors.get_message(message)
    name = request.brand.name  # type: ignore[attr-defined]
    context = {
        "message": found,
        "words": selectors.preview(message, council_name=name),
        "braces": ("{{ ", " }}"),
    }
    return render(request, "backoffice/wording/preview.html", context)
