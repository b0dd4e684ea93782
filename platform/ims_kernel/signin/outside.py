"""Which addresses outside may be called for single sign-on: public HTTPS hosts, and no others.

The address is typed by a council. Without this, the service could be made to ask its own network.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from ims_kernel.signin.errors import ProviderRefused

log = structlog.get_logger(__name__)


def check(url: str) -> None:
    """Raises ProviderRefused for an address that is not HTTPS to a public host.

    On a developer's machine and in tests, this machine itself may be called too.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ProviderRefused("The address of the provider cannot be read.") from error
    if parts.username or parts.password or not host:
        raise ProviderRefused("The address of the provider must be a host, without a user name.")
    found = _addresses(host, port or 443)
    if settings.IMS_LOOPBACK_PROVIDERS and all(each.is_loopback for each in found):
        return
    if parts.scheme != "https":
        raise ProviderRefused("The address of the provider must start with https://.")
    if not all(each.is_global and not each.is_multicast for each in found):
        raise ProviderRefused(
            f"“{host}” is inside a private network. The provider must be on the internet."
        )


def _addresses(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ProviderRefused(
            f"There is no host “{host}”. Check the address of the provider."
        ) from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    # ::ffff:10.0.0.1 is 10.0.0.1.
    return [getattr(each, "ipv4_mapped", None) or each for each in addresses]


def log_failure(provider: Any, facts: dict[str, Any]) -> None:
    """What went wrong, without what the provider said: it may hold codes and tokens."""
    log.warning(
        "single_sign_on_failed",
        error=str(facts.get("error") or ""),
        exception=type(facts.get("exception")).__name__,
        issuer=getattr(getattr(provider, "app", None), "settings", {}).get("server_url", ""),
    )
