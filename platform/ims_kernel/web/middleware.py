"""What is done around every request: its id, its headers, and errors that become pages."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from psycopg.errors import LockNotAvailable

from ims_kernel import origin
from ims_kernel.errors import Conflict, ImsError
from ims_kernel.web.addresses import client_address
from ims_kernel.web.errors import ims_error_page, service_unavailable

log = structlog.get_logger(__name__)

BUSY = (
    "Somebody else, or the service itself, is working on the same thing at this moment. Nothing "
    "was changed. Wait a minute, then try again."
)


class BusyElsewhere(Conflict):
    """A lock was held for longer than a page may wait."""

    code = "web.busy_elsewhere"


GetResponse = Callable[[HttpRequest], HttpResponse]

# For settings: CONTENT_SECURITY_POLICY of django-csp 4. Scripts, styles and images come from this
# host only; nothing inline, so no nonce is needed either. frame-ancestors stops click-jacking.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # People's payments must not stay in a shared browser or a proxy. A view may say otherwise.
    "Cache-Control": "private, no-store",
}


class RequestId:
    """Gives each request an id of our own, in the logs, on error pages and in `X-Request-Id`.

    None is taken from the caller: it would let them write into our logs. The id and the address
    the request came from are in every audit row it makes; the address is in no log. Put it first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = origin.new_id()
        here = origin.Origin(origin.WEB, request_id, client_address(request))
        request.request_id = request_id  # type: ignore[attr-defined]
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            origin.coming_from(here),
        ):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class SecurityHeaders:
    """Adds the headers that no page may lack, where the view has not set its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ErrorsForPeople:
    """Turns an ImsError, or a database that is down, into its page. Put it last.

    What is raised in other middleware comes to errors.server_error (handler500) instead.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Django calls this for what a view raised."""
        if isinstance(exception, ImsError):
            log.info("refused", code=exception.code, status=exception.status)
            return ims_error_page(request, exception)
        if isinstance(exception.__cause__, LockNotAvailable):
            return ims_error_page(request, BusyElsewhere(BUSY))
        if isinstance(exception, (OperationalError, InterfaceError)):
            log.error("database_unavailable", error=type(exception).__name__)
            return service_unavailable(request)
        return None
