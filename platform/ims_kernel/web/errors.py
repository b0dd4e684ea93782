"""Turns what went wrong into a page that says what happened and what to do next."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines, loader

from ims_kernel.errors import ImsError

log = structlog.get_logger(__name__)

# When even the template of the error page cannot be shown.
_LAST_RESORT = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>There is a problem with the '
    "service</title></head><body><main><h1>There is a problem with the service</h1><p>Nothing you "
    "entered has been half saved. Wait a minute, then try again.</p></main></body></html>"
)
_HEADINGS = {
    400: "This could not be done",
    404: "Page not found",
    409: "Somebody else got there first",
    413: "The file is too large",
}


def ims_error_page(request: HttpRequest, error: ImsError) -> HttpResponse:
    """The page of an error no view handled nearer, with the error's own status and words."""
    if error.status == HTTPStatus.FORBIDDEN:
        return forbidden(request, error)
    heading = _HEADINGS.get(error.status, _HEADINGS[400])
    context = {"heading": heading, "message": error.message}
    return _page(request, "errors/problem.html", error.status, context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Django's handler400: the request itself makes no sense."""
    message = "Your browser sent something this service cannot read. Go back and try again."
    context = {"heading": "This request could not be read", "message": message}
    return _bare("errors/problem.html", 400, context | {"request": request})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    message = exception.message if isinstance(exception, ImsError) else ""
    return _page(request, "errors/403.html", 403, {"message": message})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """CSRF_FAILURE_VIEW: nearly always a page left open over a sign-out, so say that."""
    message = (
        "The page was open too long, or you signed in again somewhere else. Nothing was changed. "
        "Go back, reload the page and try again."
    )
    context = {"heading": "Your page is out of date", "message": message}
    return _page(request, "errors/problem.html", 403, context)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Django's handler404."""
    return _page(request, "errors/404.html", 404, {})


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, for views and middleware alike; 503 when the database is away.

    Uses no database and no context processor: they may be what is broken.
    """
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return service_unavailable(request)
    reference = getattr(request, "request_id", "")
    return _bare("errors/500.html", 500, {"reference": reference})


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """The page for a database that is down."""
    context = {"reference": getattr(request, "request_id", "")}
    response = _bare("errors/503.html", 503, context)
    response["Retry-After"] = "30"
    return response


def unknown_host(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - says nothing about it
    """The page for an address that is no council's. It names none."""
    return _bare("errors/unknown_host.html", 404, {})


def suspended(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - says nothing about it
    """The page of a council whose service is paused."""
    return _bare("errors/suspended.html", 503, {})


def _page(
    request: HttpRequest, template: str, status: int, context: dict[str, Any]
) -> HttpResponse:
    """A page in the council's own look, or in the plain one when that cannot be had."""
    try:
        return HttpResponse(loader.render_to_string(template, context, request), status=status)
    except Exception:
        # The context processors may need what just failed; the person still gets a page.
        log.exception("error_page_without_council", template=template)
        return _bare(template, status, context)


def _bare(template: str, status: int, context: dict[str, Any]) -> HttpResponse:
    try:
        # The template itself, past Django's wrapper: no context processor is called.
        html = engines["jinja2"].env.get_template(template).render(context)  # type: ignore[attr-defined]
    except Exception:
        log.exception("error_page_failed", template=template)
        html = _LAST_RESORT
    return HttpResponse(html, status=status)
