"""A real OpenID Connect provider on this machine, and somebody who signs in with it."""

from __future__ import annotations

import http.client
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.test import Client

from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter
from ims_tenants.models import Council

with warnings.catch_warnings():
    # authlib announces a module of its own that oidc-provider-mock still uses.
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread

PAGE = "/sign-in/single-sign-on"


@dataclass
class Provider:
    """A provider that lets in whoever is known to it."""

    issuer: str

    @property
    def _server(self) -> str:
        return urlsplit(self.issuer).netloc

    def knows(self, subject: str, **claims: object) -> None:
        """Add somebody, or change what is said of them."""
        connection = http.client.HTTPConnection(self._server, timeout=10)
        body = json.dumps(claims)
        connection.request("PUT", f"/users/{subject}", body, {"Content-Type": "application/json"})
        assert connection.getresponse().status == 204
        connection.close()

    def lets_in(self, address: str, subject: str) -> str:
        """Choose a person on the provider's page; the address it sends the browser back to."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        form = urlencode({"sub": subject})
        connection.request(
            "POST", f"{parts.path}?{parts.query}", form,
            {"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        answer = connection.getresponse()
        location = answer.getheader("Location") or ""
        connection.close()
        assert location, f"{answer.status}"
        return location


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port."""
    with run_server_in_thread() as server:
        yield Provider(f"http://localhost:{server.server_port}")


def use(provider: Provider, council: Council, **more: object) -> None:
    """Make it the council's own."""
    values = {
        "second_factor": "required", "provider_is_on": True, "provider_name": "Northmoor account",
        "issuer": provider.issuer, "client_id": f"ims-{council.pk}", "client_secret": "hush",
    }  # fmt: skip
    with enter(council):
        SignInSettings.objects.filter(pk=1).delete()
        SignInSettings.objects.create(pk=1, **(values | more))


def path_of(address: str) -> str:
    """Path and query, for the test client."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def walk(client: Client, provider: Provider, subject: str, *, target: str = "") -> str:
    """The whole way there and back; where the person ends up."""
    left = client.get(f"{PAGE}?{urlencode({'next': target})}")
    back = provider.lets_in(left["Location"], subject)
    return str(client.get(path_of(back))["Location"])
