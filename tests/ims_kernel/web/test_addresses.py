"""The address in the audit trail is what our own proxy saw, whatever a client writes."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from pytest_django.fixtures import Settings

from ims_kernel.web.addresses import client_address


def asked(peer: str, forwarded: str | None = None) -> HttpRequest:
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = peer
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    # What other proxies use, and a client may write as it likes.
    request.META["HTTP_X_REAL_IP"] = request.META["HTTP_FORWARDED"] = "203.0.113.66"
    return request


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "found"),
    [
        ((), "198.51.100.7", None, "198.51.100.7"),
        # Nobody is trusted: what a client claims is not read at all.
        ((), "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (("10.0.0.1",), "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (("10.0.0.1",), "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        # A proxy that adds instead of overwriting: only what it added itself counts.
        (("10.0.0.1",), "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.0/24",), "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (("10.0.0.0/24",), "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.1"),
        (("*",), "172.18.0.5", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (("*",), "", "2001:db8::7", "2001:db8::7"),
        (("*",), "fe80::1%eth0", None, "fe80::1"),
        (("*",), "172.18.0.5", "'; DROP TABLE x; --", "172.18.0.5"),
        (("*",), "172.18.0.5", "203.0.113.9, unknown", "172.18.0.5"),
        ((), "", "203.0.113.9", None),
    ],
)  # fmt: skip
def test_the_address_of_whoever_asks(
    settings: Settings, trusted: tuple[str, ...], peer: str, forwarded: str | None, found: str
) -> None:
    settings.IMS_TRUSTED_PROXIES = trusted
    assert client_address(asked(peer, forwarded)) == found
