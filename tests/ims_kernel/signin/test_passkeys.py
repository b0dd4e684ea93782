"""Passkeys of a software device, through the pages, at two councils."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from fido2.utils import websafe_encode

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.models import User
from ims_kernel.identity.people import State
from ims_kernel.signin import limits, passkeys
from ims_kernel.signin.errors import PasskeyRefused
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import EMAIL, code_of, make_person, make_person_with_app
from tests.ims_kernel.signin.software_passkeys import (
    Device,
    add_passkey,
    browse,
    options_of,
    sign_in,
)

ALONE, CODE, CONFIRM = "/sign-in/passkey", "/sign-in/code", "/security/confirm"
REFUSED = "The passkey was not accepted"


@dataclass
class Keyed:
    """Somebody of Northmoor with a passkey, and the device that holds it."""

    user: User
    device: Device


@pytest.fixture
def priya(northmoor: Council) -> Keyed:
    user, device = make_person(northmoor), Device(NORTHMOOR_HOST)
    client = browse(NORTHMOOR_HOST)
    sign_in(client, EMAIL)
    assert add_passkey(client, device).status_code == 200
    return Keyed(user, device)


def show(client: Client, page: str, device: Device, **more: Any) -> Any:
    """Use the passkey on a page; its answer."""
    answer = device.use(options_of(client, page), **more)
    return client.post(page, {"passkey": answer}, secure=True)


def is_in(client: Client) -> bool:
    return client.get("/transactions", secure=True).status_code == 200


# --- adding -------------------------------------------------------------------------------------
def test_a_first_passkey_brings_recovery_codes_and_is_written_down(northmoor: Council) -> None:
    user, client = make_person(northmoor), browse(NORTHMOOR_HOST)
    sign_in(client, EMAIL)
    assert not is_in(client)
    asked = options_of(client, "/security/passkey")
    assert asked["rp"]["id"] == NORTHMOOR_HOST
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    answer = add_passkey(client, Device(NORTHMOOR_HOST))
    assert "Keep your recovery codes" in text_of(answer)
    assert is_in(client)
    assert "Office laptop" in text_of(client.get("/security", secure=True))
    with enter(northmoor):
        row = Authenticator.objects.get(user=user, type="webauthn")
        event = AuditEvent.objects.get(act="signin.add_factor")
        assert event.facts == {"kind": "passkey", "factor": row.pk}


def test_a_second_passkey_leaves_the_codes_as_they_are(priya: Keyed, northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    show(client, ALONE, priya.device)
    answer = add_passkey(client, Device(NORTHMOOR_HOST), name="Phone")
    assert answer["Location"] == "/security"
    with enter(northmoor):
        assert Authenticator.objects.filter(user=priya.user, type="webauthn").count() == 2
        assert not AuditEvent.objects.filter(act="signin.make_recovery_codes").count() > 1
    options = options_of(client, "/security/passkey")
    assert len(options["excludeCredentials"]) == 2


def test_a_passkey_made_for_another_challenge_is_not_kept(northmoor: Council) -> None:
    user, client = make_person(northmoor), browse(NORTHMOOR_HOST)
    sign_in(client, EMAIL)
    old = Device(NORTHMOOR_HOST).make(options_of(client, "/security/passkey"))
    options_of(client, "/security/passkey")
    answer = client.post("/security/passkey", {"name": "Old", "passkey": old}, secure=True)
    assert (answer.status_code, REFUSED in text_of(answer)) == (400, True)
    nameless = client.post("/security/passkey", {"name": "", "passkey": old}, secure=True)
    assert "Enter a name for the passkey" in text_of(nameless)
    with enter(northmoor):
        assert not Authenticator.objects.filter(user=user).exists()


def test_nobody_adds_a_passkey_without_being_signed_in(council: Council) -> None:
    request = HttpRequest()
    request.user = AnonymousUser()
    with pytest.raises(PasskeyRefused):
        passkeys.add(request, name="Phone", answer="{}", at=clock.now())


# --- the passkey instead of a password -----------------------------------------------------------
def test_a_passkey_alone_signs_in(priya: Keyed, northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    answer = show(client, f"{ALONE}?next=/transactions", priya.device)
    assert answer["Location"] == "/transactions"
    assert is_in(client)
    assert client.get(f"{ALONE}?next=/transactions", secure=True)["Location"] == "/transactions"
    with enter(northmoor):
        assert Authenticator.objects.get(type="webauthn").last_used_at is not None
        event = AuditEvent.objects.filter(act="signin.sign_in").latest("pk")
        assert event.facts == {"how": "passkey"}


def test_the_key_of_another_device_opens_nothing(priya: Keyed, northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    answer = show(client, ALONE, priya.device, signer=Device(NORTHMOOR_HOST))
    assert (answer.status_code, REFUSED in text_of(answer)) == (400, True)
    assert not is_in(client)
    with enter(northmoor):
        event = AuditEvent.objects.get(act="signin.refuse")
        assert (event.object_id, event.facts["how"]) == (str(priya.user.pk), "passkey")


def test_a_passkey_of_one_council_says_nothing_at_the_other(
    priya: Keyed, eastshire: Council
) -> None:
    theirs = make_person(eastshire)
    client = browse(EASTSHIRE_HOST)
    assert show(client, ALONE, priya.device).status_code == 400
    # Nor when the device is made to lie about the site and the person.
    priya.device.host, priya.device.origin = EASTSHIRE_HOST, f"https://{EASTSHIRE_HOST}"
    priya.device.user_handle = websafe_encode(str(theirs.pk).encode()).encode()
    assert show(client, ALONE, priya.device).status_code == 400
    assert not is_in(client)
    with enter(eastshire):
        assert not AuditEvent.objects.filter(act="signin.sign_in").exists()


def test_somebody_closed_or_dormant_does_not_come_in(priya: Keyed, northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    for changes in ({"is_active": False}, {"is_active": True, "state": State.DORMANT}):
        with enter(northmoor):
            User.objects.filter(pk=priya.user.pk).update(**changes)
        answer = show(client, ALONE, priya.device)
        assert (answer.status_code, REFUSED in text_of(answer)) == (400, True)
        assert not is_in(client)


@pytest.mark.parametrize("handle", ["", "eA", websafe_encode(b"9" * 30)])
def test_a_passkey_of_nobody_is_refused(priya: Keyed, handle: str) -> None:
    priya.device.user_handle = handle.encode()
    assert show(browse(NORTHMOOR_HOST), ALONE, priya.device).status_code == 400


@pytest.mark.parametrize(
    "answer",
    [
        "", "no json", "5", "[]", "{}", '{"response": {}}', '{"response": {"clientDataJSON": 5}}',
        json.dumps({"response": {"clientDataJSON": websafe_encode(b'"https"')}}),
        "[" * 19_000, " " * 20_001,
    ],
)  # fmt: skip
def test_what_no_browser_sends_is_refused(northmoor: Council, answer: str) -> None:
    page = browse(NORTHMOOR_HOST).post(ALONE, {"passkey": answer}, secure=True)
    assert (page.status_code, REFUSED in text_of(page)) == (400, True)


def test_passkeys_are_not_tried_for_ever(northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    for _ in range(limits.ADDRESS.most):
        client.post(ALONE, {"passkey": "{}"}, secure=True)
    page = client.post(ALONE, {"passkey": "{}"}, secure=True)
    assert "tried too often" in text_of(page)


# --- the passkey as the second step, and as proof --------------------------------------------------
def test_a_passkey_is_a_second_step(priya: Keyed, northmoor: Council) -> None:
    client = browse(NORTHMOOR_HOST)
    assert sign_in(client, EMAIL) == CODE
    assert client.post(CODE, {"passkey": "{}"}, secure=True).status_code == 400
    assert show(client, CODE, priya.device)["Location"] == "/"
    assert is_in(client)
    with enter(northmoor):
        event = AuditEvent.objects.filter(act="signin.sign_in").latest("pk")
        assert event.facts == {"how": "password and passkey"}


def test_the_passkey_of_a_colleague_is_no_second_step(priya: Keyed, northmoor: Council) -> None:
    tom = make_person_with_app(northmoor, email="tom@example.org")
    client = browse(NORTHMOOR_HOST)
    assert sign_in(client, "tom@example.org") == CODE
    options = options_of(browse(NORTHMOOR_HOST), ALONE)
    answer = client.post(CODE, {"passkey": priya.device.use(options)}, secure=True)
    assert (answer.status_code, REFUSED in text_of(answer)) == (400, True)
    assert not is_in(client)
    answer = client.post(CODE, {"code": code_of(tom.secret)}, secure=True)
    assert answer["Location"] == "/"


def test_a_passkey_shows_again_who_it_is(priya: Keyed) -> None:
    client = browse(NORTHMOOR_HOST)
    show(client, ALONE, priya.device)
    with time_machine.travel(clock.now().timestamp() + 660, tick=False):
        target = client.get("/security/passkey", secure=True)["Location"]
        assert target == f"{CONFIRM}?next=/security/passkey"
        assert client.post(target, {"passkey": "{}"}, secure=True).status_code == 400
        assert show(client, target, priya.device)["Location"] == "/security/passkey"
        assert client.get("/security/passkey", secure=True).status_code == 200
