"""A system with a key of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ims.apikeys import keys
from ims.apikeys.models import ApiKey
from ims.apikeys.scopes import SCOPES
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter
from ims_tenants.models import Council, Domain


@dataclass(frozen=True, slots=True)
class Caller:
    """A system that calls a council's API with a key."""

    client: Client
    key: ApiKey
    text: str

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: object, **headers: str) -> Any:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )


CallerFor = Callable[..., Caller]


def host_of(council: Council) -> str:
    return str(Domain.objects.get(tenant=council, is_primary=True).domain)


def caller_for(council: Council, *scopes: str, addresses: tuple[str, ...] = ()) -> Caller:
    """A system with a key for these scopes, or all there are."""
    with enter(council):
        new = keys.NewKey(
            "Housing system",
            scopes or tuple(SCOPES),
            clock.now() + timedelta(days=90),
            addresses,
        )
        key, text = keys.make_key(new, actor=system("Test"), at=clock.now())
    client = Client(headers={"host": host_of(council), "authorization": f"Bearer {text}"})
    return Caller(client, key, text)


@pytest.fixture
def caller(northmoor: Council, eastshire: Council) -> Caller:
    """Northmoor's system, with every scope."""
    return caller_for(northmoor)


def problem_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer, which must be one in the form of RFC 9457."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"].endswith(code)
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-Id"]
    return body
