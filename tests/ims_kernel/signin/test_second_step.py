"""Signing in with a second factor, through the pages."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor, system
from ims_kernel.signin import factors, limits
from ims_kernel.signin.errors import CodeRefused, TooManyTries
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import (
    EMAIL,
    PASSWORD,
    WithApp,
    browser,
    code_of,
    give_password,
    make_person,
    make_person_with_app,
)


@pytest.fixture
def priya(northmoor: Council) -> WithApp:
    return make_person_with_app(northmoor)


@pytest.fixture
def visitor(priya: WithApp) -> Client:
    return browser(NORTHMOOR_HOST)


def is_in(client: Client) -> bool:
    return client.get("/transactions").status_code == 200


def test_a_password_alone_opens_nothing(visitor: Client, priya: WithApp) -> None:
    assert give_password(visitor, target="/transactions?fund=CT") == "/sign-in/code"
    assert visitor.get("/transactions")["Location"].startswith("/sign-in")
    assert visitor.get("/security")["Location"].startswith("/sign-in")
    answer = visitor.post("/sign-in/code", {"code": f" {code_of(priya.secret)[:3]} "})
    assert answer.status_code == 400
    spaced = f"{code_of(priya.secret)[:3]} {code_of(priya.secret)[3:]}"
    answer = visitor.post("/sign-in/code", {"code": spaced})
    assert answer["Location"] == "/transactions?fund=CT"
    assert is_in(visitor)


def test_a_code_works_once_in_whichever_window(visitor: Client, priya: WithApp) -> None:
    code = code_of(priya.secret)
    give_password(visitor)
    assert visitor.post("/sign-in/code", {"code": code}).status_code == 302
    again = browser(NORTHMOOR_HOST)
    give_password(again)
    answer = again.post("/sign-in/code", {"code": code})
    assert answer.status_code == 400
    assert "This code is not right" in text_of(answer)


def test_a_recovery_code_works_once(visitor: Client, priya: WithApp) -> None:
    for expected in (302, 400):
        client = browser(NORTHMOOR_HOST)
        give_password(client)
        assert client.post("/sign-in/code", {"code": priya.codes[0]}).status_code == expected
    client = browser(NORTHMOOR_HOST)
    give_password(client)
    spaced = f"{priya.codes[1][:4]} {priya.codes[1][4:]}"
    assert client.post("/sign-in/code", {"code": spaced}).status_code == 302
    assert "8 recovery codes left" in text_of(client.get("/security"))


def test_nobody_guesses_codes(visitor: Client, priya: WithApp, northmoor: Council) -> None:
    give_password(visitor)
    for _ in range(limits.CODE.most):
        assert visitor.post("/sign-in/code", {"code": "000000"}).status_code == 400
    answer = visitor.post("/sign-in/code", {"code": code_of(priya.secret)})
    assert answer["Location"] == "/sign-in?problem=again"
    # Another visit does not start the count anew.
    again = browser(NORTHMOOR_HOST)
    give_password(again)
    answer = again.post("/sign-in/code", {"code": code_of(priya.secret)})
    assert answer["Location"] == "/sign-in?problem=again"
    with enter(northmoor):
        assert AuditEvent.objects.filter(act="signin.refuse", facts__how="code").count() == 8


def test_the_step_is_open_for_ten_minutes_and_needs_the_first(
    visitor: Client, priya: WithApp
) -> None:
    assert visitor.get("/sign-in/code")["Location"] == "/sign-in?problem=again"
    assert "Start again" in text_of(visitor.get("/sign-in?problem=again"))
    give_password(visitor)
    with time_machine.travel(clock.now().timestamp() + 601, tick=False):
        answer = visitor.post("/sign-in/code", {"code": code_of(priya.secret)})
        assert answer["Location"] == "/sign-in?problem=again"


def test_the_first_step_at_one_council_is_no_step_at_the_other(
    visitor: Client, priya: WithApp, eastshire: Council
) -> None:
    theirs = make_person_with_app(eastshire)
    give_password(visitor)
    thief = browser(EASTSHIRE_HOST)
    thief.cookies["ims_session"] = visitor.cookies["ims_session"].value
    answer = thief.post("/sign-in/code", {"code": code_of(theirs.secret)})
    assert answer["Location"] == "/sign-in?problem=again"
    # Nor do codes of one council count at the other.
    give_password(thief)
    assert thief.post("/sign-in/code", {"code": code_of(priya.secret)}).status_code == 400
    assert thief.post("/sign-in/code", {"code": priya.codes[0]}).status_code == 400


# --- who must have one --------------------------------------------------------------------------
def test_without_a_second_factor_every_page_leads_to_setting_one_up(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    assert give_password(client) == "/"
    for path in ("/", "/transactions", "/security", "/security/recovery-codes"):
        assert client.get(path)["Location"].startswith("/security/set-up"), path
    htmx = client.get("/transactions", headers={"HX-Request": "true"})
    assert htmx["HX-Redirect"].startswith("/security/set-up")
    page = client.get("/security/app?next=/transactions")
    secret = text_of(page).split("and type:")[1].split("2.")[0].replace(" ", "")
    answer = client.post("/security/app", {"code": code_of(secret), "next": "/transactions"})
    assert answer.status_code == 200
    assert "Keep your recovery codes" in text_of(answer)
    assert 'href="/transactions"' in answer.content.decode()
    assert is_in(client)
    # From now on the password alone is not enough.
    assert give_password(browser(NORTHMOOR_HOST)) == "/sign-in/code"


def test_a_wrong_first_code_keeps_the_same_secret(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    give_password(client)
    before = text_of(client.get("/security/app"))
    answer = client.post("/security/app", {"code": "123"})
    assert answer.status_code == 400
    assert before.split("and type:")[1][:50] == text_of(answer).split("and type:")[1][:50]


def test_who_only_knows_the_password_adds_nothing_once_a_factor_is_there(
    northmoor: Council,
) -> None:
    user = make_person(northmoor)
    thief = browser(NORTHMOOR_HOST)
    give_password(thief)
    secret = factors.new_secret()
    with enter(northmoor):
        factors.set_up_app(user, secret=secret, code=code_of(secret), at=clock.now())
    assert thief.get("/security/passkey")["Location"] == "/sign-in?problem=again"
    assert thief.get("/security")["Location"].startswith("/sign-in")


def test_the_secret_is_not_readable_in_the_database(priya: WithApp, northmoor: Council) -> None:
    with enter(northmoor):
        for row in Authenticator.objects.filter(user=priya.user):
            assert priya.secret not in str(row.data)


# --- removing and resetting ---------------------------------------------------------------------
def test_removing_the_last_factor_takes_the_codes_and_asks_for_a_new_one(
    visitor: Client, priya: WithApp, northmoor: Council
) -> None:
    elsewhere = browser(NORTHMOOR_HOST)
    for client, code in ((elsewhere, priya.codes[0]), (visitor, priya.codes[1])):
        give_password(client)
        client.post("/sign-in/code", {"code": code})
    with enter(northmoor):
        number = Authenticator.objects.get(user=priya.user, type="totp").pk
    page = visitor.get(f"/security/remove?factor={number}")
    assert "your only second factor" in text_of(page)
    assert visitor.post("/security/remove", {"factor": number})["Location"] == "/security"
    assert visitor.get("/security")["Location"].startswith("/security/set-up")
    assert not is_in(elsewhere)
    with enter(northmoor):
        assert not Authenticator.objects.filter(user=priya.user).exists()


def test_nobody_removes_the_factor_of_another(
    visitor: Client, priya: WithApp, northmoor: Council
) -> None:
    other = make_person_with_app(northmoor, email="tom@example.org")
    give_password(visitor)
    visitor.post("/sign-in/code", {"code": priya.codes[0]})
    with enter(northmoor):
        number = Authenticator.objects.get(user=other.user, type="totp").pk
    assert visitor.post("/security/remove", {"factor": number}).status_code == 404
    assert visitor.post("/security/remove", {"factor": "9" * 30}).status_code == 404
    with enter(northmoor):
        assert Authenticator.objects.filter(pk=number).exists()


def test_sensitive_pages_ask_again_after_ten_minutes(visitor: Client, priya: WithApp) -> None:
    give_password(visitor)
    visitor.post("/sign-in/code", {"code": priya.codes[0]})
    assert visitor.get("/security/app").status_code == 200
    with time_machine.travel(clock.now().timestamp() + 660, tick=False):
        target = visitor.get("/security/recovery-codes")["Location"]
        assert target == "/security/confirm?next=/security/recovery-codes"
        assert visitor.post(target, {"proof": "000000"}).status_code == 400
        answer = visitor.post(target, {"proof": code_of(priya.secret)})
        assert answer["Location"] == "/security/recovery-codes"
        codes = visitor.post("/security/recovery-codes")
        assert "They are shown only now" in text_of(codes)
        assert priya.codes[2][:4] not in text_of(codes)


def test_without_an_app_the_password_is_asked_again(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    give_password(client)
    with time_machine.travel(clock.now().timestamp() + 660, tick=False):
        target = client.get("/security/app")["Location"]
        answer = client.post(target, {"proof": "wrong"})
        assert (answer.status_code, "This password is not right" in text_of(answer)) == (400, True)
        for _ in range(limits.PROOF.most):
            answer = client.post(target, {"proof": "wrong"})
        assert "tried too often" in text_of(client.post(target, {"proof": PASSWORD}))


def test_a_reset_by_another_person_ends_sessions_and_is_written_down(
    visitor: Client, priya: WithApp, northmoor: Council, eastshire: Council
) -> None:
    give_password(visitor)
    visitor.post("/sign-in/code", {"code": priya.codes[0]})
    with enter(northmoor):
        nobody = Actor(name="Tom", user_id=99)
        with pytest.raises(NotAllowed):
            factors.reset_second_factor(priya.user, actor=nobody, at=clock.now(), reason="x")
        assert factors.of(priya.user).any
        factors.reset_second_factor(
            priya.user, actor=system("Rhian"), at=clock.now(), reason="Lost phone"
        )
        event = AuditEvent.objects.get(act="signin.reset_factor")
        assert (event.reason, event.facts["factors_removed"]) == ("Lost phone", 2)
    assert not is_in(visitor)
    assert give_password(visitor) == "/"
    assert visitor.get("/")["Location"].startswith("/security/set-up")


def test_services_refuse_what_pages_never_send(council: Council) -> None:
    priya = make_person_with_app(council, email=f"x{EMAIL}")
    at = clock.now()
    for code in ("", "abcdef", "0" * 40, "\uff11" * 6):
        with pytest.raises(CodeRefused):
            factors.check_code(priya.user, code, at=at)
    for _ in range(limits.CODE.most - 4):
        with pytest.raises(CodeRefused):
            factors.check_code(priya.user, "000000", at=at)
    with pytest.raises(TooManyTries, match="15 minutes"):
        factors.check_code(priya.user, code_of(priya.secret), at=at)
