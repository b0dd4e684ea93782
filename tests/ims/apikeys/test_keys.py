"""Keys: made once, kept as a hash, and refused alike whatever is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ims.apikeys import keys
from ims.apikeys.errors import KeyNotFound, KeyUnusable
from ims.apikeys.models import ApiKey
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims.api.conftest import Caller, caller_for, host_of, problem_of


def new(**changes: Any) -> keys.NewKey:
    made = keys.NewKey("Housing", ["settings.read"], clock.now() + timedelta(days=30))
    return replace(made, **changes)


def test_a_key_is_shown_once_and_kept_as_a_hash(council: Council, actor: Actor) -> None:
    key, text = keys.make_key(new(), actor=actor, at=clock.now())
    assert text.startswith(f"ims_{key.prefix}_")
    secret = text.removeprefix(f"ims_{key.prefix}_")
    row = ApiKey.objects.filter(pk=key.pk).values().get()
    event = AuditEvent.objects.latest("id")
    assert secret not in f"{row} {vars(event)}"
    assert (event.act, event.object_kind, event.object_id) == (
        "apikeys.make",
        "api_key",
        str(key.pk),
    )
    assert keys.open_with(text, address="", at=clock.now()).pk == key.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at": clock.now() - timedelta(minutes=1)}, "expires_at"),
        ({"expires_at": clock.now() + timedelta(days=400)}, "expires_at"),
        ({"addresses": ["everywhere"]}, "addresses"),
        ({"addresses": ["10.0.0.1/8"]}, "addresses"),
    ],
)
def test_a_key_that_cannot_be_made(
    council: Council, actor: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(KeyUnusable) as refused:
        keys.make_key(new(**changes), actor=actor, at=clock.now())
    assert refused.value.facts["field"] == field
    assert ApiKey.objects.count() == 0


def test_nobody_hands_out_what_they_may_not_do(council: Council) -> None:
    asks = new(scopes=["accounts.read"])
    for held in (set(), {"apikeys.manage"}, {"accounts.view"}):
        with pytest.raises(NotAllowed):
            keys.make_key(asks, actor=Actor("Priya", 1, frozenset(held)), at=clock.now())
    may = Actor("Owen", 2, frozenset({"apikeys.manage", "accounts.view"}))
    keys.make_key(asks, actor=may, at=clock.now())


def test_a_revoked_key_opens_nothing(caller: Caller, northmoor: Council, actor: Actor) -> None:
    assert caller.get("funds").status_code == 200
    with enter(northmoor):
        keys.revoke_key(caller.key.pk, actor=actor, at=clock.now(), reason="Lost laptop")
        keys.revoke_key(caller.key.pk, actor=actor, at=clock.now())
        assert AuditEvent.objects.filter(act="apikeys.revoke").count() == 1
        with pytest.raises(KeyNotFound):
            keys.revoke_key(caller.key.pk + 99, actor=actor, at=clock.now())
        with pytest.raises(KeyNotFound):
            keys.get_key(caller.key.pk + 99)
        assert keys.state_of(keys.get_key(caller.key.pk), clock.now()) == "revoked"
    problem_of(caller.get("funds"), 401, "apikeys.refused")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ims_short",
        "Basic aW1zOmtleQ==",
        "Bearer ims_AAAAAAAA_" + "A" * 43,
        "Bearer ims_AAAAAAAA_" + "A" * 43 + "\x7f",
    ],
)
def test_no_key_and_a_wrong_key_get_the_same_answer(northmoor: Council, header: str) -> None:
    client = Client(headers={"host": host_of(northmoor), "authorization": header})
    answer = client.get("/api/v1/funds")
    body = problem_of(answer, 401, "apikeys.refused")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "missing, wrong, expired or revoked" in body["detail"]


def test_the_right_prefix_with_a_wrong_secret(caller: Caller, northmoor: Council) -> None:
    wrong = caller.text[:-3] + ("AAA" if not caller.text.endswith("AAA") else "BBB")
    client = Client(headers={"host": host_of(northmoor), "authorization": f"Bearer {wrong}"})
    problem_of(client.get("/api/v1/funds"), 401, "apikeys.refused")


def test_an_expired_key(caller: Caller, northmoor: Council) -> None:
    with enter(northmoor):
        ApiKey.objects.update(expires_at=clock.now())
        assert keys.state_of(keys.get_key(caller.key.pk), clock.now()) == "expired"
    problem_of(caller.get("funds"), 401, "apikeys.refused")


def test_a_key_opens_its_own_council_only(caller: Caller, eastshire: Council) -> None:
    client = Client(headers={"host": host_of(eastshire), "authorization": f"Bearer {caller.text}"})
    problem_of(client.get("/api/v1/funds"), 401, "apikeys.refused")


def test_a_session_does_not_open_the_api(northmoor: Council, client_for: Any) -> None:
    problem_of(client_for(northmoor).get("/api/v1/funds"), 401, "apikeys.refused")


def test_a_key_is_used_from_its_networks_only(northmoor: Council, eastshire: Council) -> None:
    inside = caller_for(northmoor, addresses=("127.0.0.0/8", "2001:db8::/32"))
    assert inside.get("funds").status_code == 200
    outside = caller_for(northmoor, addresses=("203.0.113.0/24",))
    problem_of(outside.get("funds"), 401, "apikeys.refused")
    with enter(northmoor), pytest.raises(Exception, match="API key"):
        keys.open_with(outside.text, address="nowhere", at=clock.now())


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("settings.read", "accounts?surname=X"),
        ("accounts.read", "funds"),
        ("references.check", "methods"),
        ("accounts.load", "vat-codes"),
    ],
)
def test_a_scope_opens_only_its_own(
    northmoor: Council, eastshire: Council, scope: str, path: str
) -> None:
    problem_of(caller_for(northmoor, scope).get(path), 403, "ims.not_allowed")


def test_use_is_noted_and_limited(
    caller: Caller, northmoor: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PER_MINUTE", 3)
    at = clock.now().replace(second=10)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert [caller.get("funds").status_code for _ in range(3)] == [200] * 3
    answer = caller.get("funds")
    problem_of(answer, 429, "apikeys.too_many_requests")
    assert answer["Retry-After"] == "50"
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))
    assert caller.get("funds").status_code == 200
    with enter(northmoor):
        key = keys.get_key(caller.key.pk)
        assert (key.used_this_minute, key.last_used_at) == (1, at + timedelta(minutes=1))
        assert [each.pk for each in keys.list_keys()] == [key.pk]
