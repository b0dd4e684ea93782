"""The network address a request came from, as our own proxy saw it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
ANYBODY = "*"


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks, or None when it cannot be known.

    X-Forwarded-For is read only when the connection comes from one of IMS_TRUSTED_PROXIES, and then
    from its end: what a client wrote into it stands before what our proxy added (OWASP ASVS 5.0,
    4.1.3). Nobody else can choose the address that goes into the audit trail.
    """
    trusted: Sequence[str] = settings.IMS_TRUSTED_PROXIES
    peer = _read(request.META.get("REMOTE_ADDR", ""))
    if not _is_trusted(peer, trusted):
        return _text(peer)
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        found = _read(entry)
        if found is None:
            break
        if ANYBODY in trusted or not _is_trusted(found, trusted):
            return _text(found)
    return _text(peer)


def _read(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def _text(address: Address | None) -> str | None:
    """As PostgreSQL keeps it: without the zone of an IPv6 address, which is the machine's own."""
    return None if address is None else str(address).split("%", 1)[0]


def _is_trusted(address: Address | None, trusted: Sequence[str]) -> bool:
    if ANYBODY in trusted:
        return True
    return address is not None and any(
        address in ipaddress.ip_network(each, strict=False) for each in trusted
    )
