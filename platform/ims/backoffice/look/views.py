"""The council's logo, for pages to show with <img>."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from ims.council.selectors import open_logo
from ims_kernel.identity.gate import open_to_all

# Opened by itself, an SVG is a document: it may load nothing and run nothing.
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
@open_to_all
def logo(request: HttpRequest, mark: str) -> FileResponse:  # noqa: ARG001 - Django's shape
    """The logo of the council at hand. Its address changes with it, so it can be kept for ever."""
    stream, media_type = open_logo(mark)
    response = FileResponse(stream, content_type=media_type)
    response["Content-Security-Policy"] = _ALONE
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
