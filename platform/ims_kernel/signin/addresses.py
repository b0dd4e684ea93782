"""The network address somebody comes from, for limits and for the list of their sessions."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - the absence of an address, not a place to listen


def address_of(request: HttpRequest) -> str:
    """The caller's address. Behind our proxy, the last one it wrote down: the only one it saw."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.IMS_BEHIND_HTTPS and (forwarded := request.headers.get("X-Forwarded-For", "")):
        given = forwarded.rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return UNKNOWN
