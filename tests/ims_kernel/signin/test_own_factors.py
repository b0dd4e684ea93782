"""What a person does with their own second factors, and what is refused on the way in."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from pytest_django.fixtures import Settings

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.crypto.errors import SealBroken
from ims_kernel.identity import accounts
from ims_kernel.identity.models import User
from ims_kernel.signin import factors, limits, seals
from ims_kernel.signin.errors import FactorNotFound
from ims_kernel.signin.models import SignInSettings
from ims_kernel.signin.pages.own import me
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import (
    EMAIL,
    PASSWORD,
    browser,
    code_of,
    give_password,
    make_person,
    make_person_with_app,
)
from tests.ims_kernel.signin.software_passkeys import Device, add_passkey, browse

AGAIN, CODE = "/sign-in?problem=again", "/sign-in/code"


def make_optional(council: Council) -> None:
    with enter(council):
        SignInSettings.objects.create(pk=1, second_factor="optional")


# --- setting up and removing ----------------------------------------------------------------------
def test_first_codes_are_not_guessed_for_ever(northmoor: Council, eastshire: Council) -> None:
    for council in (northmoor, eastshire):
        make_person(council)
    client, neighbour = browser(NORTHMOOR_HOST), browser(EASTSHIRE_HOST)
    for each in (client, neighbour):
        give_password(each)
    for _ in range(limits.CODE.most):
        client.post("/security/app", {"code": "abc"})
    assert "tried too often" in text_of(client.post("/security/app", {"code": "abc"}))
    page = text_of(neighbour.post("/security/app", {"code": "abc"}))
    assert "This code is not right" in page
    assert "tried too often" not in page


def test_a_new_app_takes_the_place_of_the_old_and_leaves_the_codes(council: Council) -> None:
    priya = make_person_with_app(council)
    secret = factors.new_secret()
    code = code_of(secret)
    assert factors.set_up_app(priya.user, secret=secret, code=code, at=clock.now()) == []
    held = factors.of(priya.user)
    assert held.app is not None
    assert seals.open_text(held.app.data["secret"]) == secret
    assert held.recovery_codes_left == len(priya.codes) == 10


def test_removing_one_of_two_factors_keeps_the_other_and_the_codes(northmoor: Council) -> None:
    priya, client = make_person_with_app(northmoor), browse(NORTHMOOR_HOST)
    client.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, secure=True)
    client.post(CODE, {"code": code_of(priya.secret)}, secure=True)
    assert add_passkey(client, Device(NORTHMOOR_HOST))["Location"] == "/security"
    with enter(northmoor):
        app = factors.of(priya.user).app
        assert app is not None
    page = text_of(client.get(f"/security/remove?factor={app.pk}", secure=True))
    assert "your only second factor" not in page
    client.post("/security/remove", {"factor": app.pk}, secure=True)
    assert client.get("/transactions", secure=True).status_code == 200
    with enter(northmoor):
        held = factors.of(priya.user)
        assert (held.app, len(held.passkeys), held.recovery_codes_left) == (None, 1, 10)


def test_recovery_codes_are_no_factor_that_can_be_removed(council: Council) -> None:
    priya, tom = (make_person_with_app(council, email=f"{n}@example.org") for n in ("p", "t"))
    codes = Authenticator.objects.get(user=priya.user, type="recovery_codes")
    theirs = Authenticator.objects.get(user=tom.user, type="totp")
    for number in (codes.pk, theirs.pk, 0):
        with pytest.raises(FactorNotFound):
            factors.remove(priya.user, number, at=clock.now(), keep_session=None)
    assert Authenticator.objects.count() == 4
    assert not AuditEvent.objects.filter(act="signin.remove_factor").exists()


def test_recovery_codes_need_something_to_stand_for(northmoor: Council) -> None:
    make_optional(northmoor)
    user, client = make_person(northmoor), browser(NORTHMOOR_HOST)
    give_password(client)
    for answer in (
        client.get("/security/recovery-codes"),
        client.post("/security/recovery-codes"),
    ):
        assert answer["Location"] == "/security/set-up"
    with enter(northmoor):
        assert not Authenticator.objects.filter(user=user).exists()


def test_the_right_password_shows_again_who_it_is(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    give_password(client)
    with time_machine.travel(clock.now().timestamp() + 660, tick=False):
        target = client.get("/security/app")["Location"]
        # A right password begins the count anew, so a day of work ends in no lock.
        for _ in range(limits.PROOF.most + 1):
            assert client.post(target, {"proof": PASSWORD})["Location"] == "/security/app"
        assert client.get("/security/app").status_code == 200


# --- on the way in --------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["password", "closed"])
def test_the_second_step_ends_with_the_password_or_the_account(
    northmoor: Council, change: str
) -> None:
    priya, client = make_person_with_app(northmoor), browser(NORTHMOOR_HOST)
    assert give_password(client) == CODE
    assert client.get(CODE).status_code == 200
    with enter(northmoor):
        if change == "closed":
            User.objects.filter(pk=priya.user.pk).update(is_active=False)
        else:
            accounts.set_password(priya.user, "violet-tractor-monday")
    assert client.post(CODE, {"code": code_of(priya.secret)})["Location"] == AGAIN
    assert client.get("/transactions").status_code == 302


def test_somebody_whose_address_is_not_known_comes_in(northmoor: Council) -> None:
    make_optional(northmoor)
    user, client = make_person(northmoor), browser(NORTHMOOR_HOST)
    for _ in range(limits.ADDRESS.most + 1):
        form = {"email": EMAIL, "password": PASSWORD}
        answer = client.post("/sign-in", form, REMOTE_ADDR="")
        assert answer["Location"] == "/", "Nobody shares a count with everybody unknown."
        client.post("/sign-out", REMOTE_ADDR="")
    client.post("/sign-in", form, REMOTE_ADDR="")
    with enter(northmoor):
        assert UserSession.objects.get(user=user).ip == "::"


# --- what only code can get wrong -----------------------------------------------------------------
@pytest.mark.parametrize("sealed", ["not base64!", "é", "YWJj", ""])
def test_a_secret_that_was_changed_is_not_opened(council: Council, sealed: str) -> None:
    with pytest.raises(SealBroken):
        seals.open_text(sealed)


def test_a_secret_of_one_council_opens_in_no_other(northmoor: Council, eastshire: Council) -> None:
    with enter(northmoor):
        sealed = seals.seal_text("hush")
        assert seals.open_text(sealed) == "hush"
    with enter(eastshire):
        # It has a key of its own, with the same number.
        assert seals.open_text(seals.seal_text("theirs")) == "theirs"
        with pytest.raises(SealBroken):
            seals.open_text(sealed)


def test_a_page_of_ones_own_has_somebody_whose_it_is() -> None:
    request = HttpRequest()
    request.user = AnonymousUser()
    with pytest.raises(TypeError, match="own_page"):
        me(request)


def test_forms_of_django_are_told_every_rule_we_have(settings: Settings) -> None:
    names = [each["NAME"] for each in settings.AUTH_PASSWORD_VALIDATORS]
    texts = password_validators_help_texts()
    assert len(texts) == len(names)
    assert "Your password must not have been found in a data breach." in texts
