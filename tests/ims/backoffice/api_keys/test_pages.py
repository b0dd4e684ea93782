"""The pages of API keys."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ims.apikeys import keys
from ims.apikeys.models import ApiKey
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.api.conftest import caller_for, host_of

GIVEN = {
    "name": "Housing",
    "scopes": ["settings.read", "references.check"],
    "expires_on": (clock.today() + timedelta(days=30)).strftime("%d/%m/%Y"),
    "addresses": "203.0.113.0/24\n\n2001:db8::/32",
}
ADD = "/settings/api-keys/add"


def test_a_key_is_made_and_shown_once(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    client = client_for(northmoor)
    answer = client.post(ADD, GIVEN)
    text = re.search(r"ims_\w{8}_[\w-]{43}", answer.content.decode())
    assert text
    with enter(northmoor):
        (key,) = keys.list_keys()
        assert (key.name, key.scopes) == ("Housing", ["references.check", "settings.read"])
        assert key.addresses == ["203.0.113.0/24", "2001:db8::/32"]
        assert keys.open_with(text[0], address="203.0.113.9", at=clock.now()) == key
    listed = client.get("/settings/api-keys").content.decode()
    assert "Housing" in listed
    assert text[0] not in listed
    with enter(eastshire):
        assert ApiKey.objects.count() == 0
    assert "Housing" not in client_for(eastshire).get("/settings/api-keys").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter which system uses the key"),
        ({"scopes": []}, "Select what the key may be used for"),
        ({"expires_on": ""}, "Enter the last day the key works"),
        ({"expires_on": "1/1/2020"}, "Enter a last day from today to a year from today"),
        ({"expires_on": "soon"}, "“soon” is not a date"),
        ({"addresses": "everywhere"}, "“everywhere” is not a network"),
    ],
)
def test_a_key_that_cannot_be_made_says_why(
    northmoor: Council, client_for: ClientFor, changes: dict[str, Any], words: str
) -> None:
    answer = client_for(northmoor).post(ADD, {**GIVEN, **changes})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    with enter(northmoor):
        assert ApiKey.objects.count() == 0


def test_only_what_one_may_do_oneself(northmoor: Council, client_for: ClientFor) -> None:
    client = client_for(northmoor, ["apikeys.manage", "settings.view"])
    answer = client.post(ADD, GIVEN)
    assert "You may only select what you may do yourself." in answer.content.decode()
    assert client.post(ADD, {**GIVEN, "scopes": ["settings.read"]}).status_code == 200


def test_a_key_is_revoked_with_a_reason(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    caller = caller_for(northmoor)
    client = client_for(northmoor)
    address = f"/settings/api-keys/{caller.key.pk}/revoke"
    assert "never used" in client.get(address).content.decode()
    assert "Enter why you are revoking" in client.post(address).content.decode()
    answer = client.post(address, {"reason": "Replaced"}, follow=True)
    assert "is revoked" in answer.content.decode()
    assert caller.get("funds").status_code == 401
    assert "Revoked" in client.get("/settings/api-keys").content.decode()


def test_without_the_permission(northmoor: Council, client_for: ClientFor) -> None:
    key = caller_for(northmoor).key
    client = client_for(northmoor, ["settings.view"])
    for address in ("/settings/api-keys", ADD, f"/settings/api-keys/{key.pk}/revoke"):
        assert client.get(address).status_code == 403
        assert client.post(address, {**GIVEN, "reason": "x"}).status_code in (403, 405)
    with enter(northmoor):
        assert [k.revoked_at for k in ApiKey.objects.all()] == [None]
    assert Client(headers={"host": host_of(northmoor)}).get(ADD).status_code == 302


def test_the_list_costs_the_same_however_long(northmoor: Council, client_for: ClientFor) -> None:
    client = client_for(northmoor)
    client.get("/settings/api-keys")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/settings/api-keys").status_code == 200
        return len(queries)

    before = count()
    for _ in range(5):
        caller_for(northmoor)
    assert count() == before
