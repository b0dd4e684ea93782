"""From the Host header to the council, and a session that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf

from ims_kernel.scope import schema_name
from ims_kernel.web.errors import suspended, unknown_host
from ims_kernel.web.theme import Brand
from ims_tenants.current import council_id, enter, public
from ims_tenants.models import Council
from ims_tenants.selectors import find_by_host

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_COUNCIL = "council_id"
STATEMENT = "/accessibility"
PUBLIC_BRAND = Brand("LocalGov IMS", statement_url=STATEMENT)


def exact_host(request: HttpRequest) -> str:
    """The host asked for, without its port. Empty when it is not a host name at all."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    return host.rsplit(":", 1)[0] if not host.endswith("]") else host


class CouncilByHost:
    """Serve each request inside the council its host belongs to, and only there.

    The public host gets the public pages. Any other host gets a page that names no council.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = exact_host(request)
        if host == settings.IMS_PUBLIC_HOST:
            return self._serve_public(request)
        council = find_by_host(host) if host else None
        if council is None or council.state in (Council.State.DRAFT, Council.State.CLOSED):
            return unknown_host(request)
        if not council.is_open:
            return suspended(request)
        return self._serve_council(request, council)

    def _serve_public(self, request: HttpRequest) -> HttpResponse:
        request.council = None  # type: ignore[attr-defined]
        request.brand = PUBLIC_BRAND  # type: ignore[attr-defined]
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        with public():
            return self.get_response(request)

    def _serve_council(self, request: HttpRequest, council: Council) -> HttpResponse:
        request.council = council  # type: ignore[attr-defined]
        request.brand = Brand(  # type: ignore[attr-defined]
            council.display_name or council.name,
            accent=council.accent_colour,
            logo_url=f"/logo/{council.logo_mark}" if council.logo_mark else "",
            statement_url=STATEMENT,
        )
        request.urlconf = settings.ROOT_URLCONF
        set_urlconf(settings.ROOT_URLCONF)
        with enter(council):
            return self.get_response(request)


class SessionBelongsToCouncil:
    """End a session whose council is not the one being served.

    Sessions live in each council's own table already; this holds even if a row were copied.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: Any = request.session
        if request.user.is_authenticated and session.get(SESSION_COUNCIL) != council_id():
            structlog.get_logger(__name__).warning(
                "session_of_another_council", schema=schema_name()
            )
            logout(request)
        return self.get_response(request)
