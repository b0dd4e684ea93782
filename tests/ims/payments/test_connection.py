"""The check of a connection, against a service on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from pytest_django.fixtures import Settings

from ims.payments import services
from ims.payments.errors import AccountChanged, AccountNotFound
from ims.payments.models import ProviderAccount
from ims.payments.providers.registry import PROVIDERS
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.far_service import FarService, far_service
from tests.ims.payments.accounts import (
    ACTOR,
    FUSE,
    PAY,
    PAY_KEY,
    STRIPE,
    STRIPE_KEY,
    add,
    change,
)

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def far(settings: Settings) -> Iterator[FarService]:
    """Stands in for every provider."""
    with far_service() as made:
        settings.IMS_PROVIDER_ADDRESSES = {each.kind: made.url for each in PROVIDERS}
        yield made


def test_govuk_pay_is_asked_for_a_payment_and_nothing_else(
    council: Council, far: FarService
) -> None:
    add(PAY)
    health = services.check_connection("WEB", actor=ACTOR, at=AT)
    assert (health.ok, health.words) == (True, "GOV.UK Pay accepts the test API key.")
    (asked,) = far.asked
    assert asked[:2] == ("GET", "/v1/payments?display_size=1")
    assert asked[2]["Authorization"] == f"Bearer {PAY_KEY}"
    found = ProviderAccount.objects.get()
    assert (found.checked_at, found.check_ok, found.check_words) == (AT, True, health.words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept these credentials"),
        (403, "does not accept these credentials"),
        (429, "asks us to slow down"),
        (500, "trouble of its own"),
        (302, "an answer we do not expect"),
        (404, "an answer we do not expect"),
    ],
)
def test_an_unhappy_answer_is_said_in_words(
    council: Council, far: FarService, status: int, words: str
) -> None:
    add(PAY)
    far.status, far.headers = status, {"Location": f"{far.url}/elsewhere"}
    health = services.check_connection("WEB", actor=ACTOR, at=AT)
    assert not health.ok
    assert words in health.words
    assert len(far.asked) == 1
    assert ProviderAccount.objects.get().check_ok is False


@pytest.mark.parametrize(
    ("status", "body", "ok", "words"),
    [
        (200, {"livemode": False}, True, "Stripe accepts the test key"),
        (200, {"livemode": True}, False, "not as a test account would"),
        (200, {}, False, "not as a test account would"),
        (200, [], False, "not as a test account would"),
        (403, {}, False, "may not read the balance"),
        (401, {}, False, "does not accept"),
    ],
)
def test_stripe_says_whether_it_is_live(
    council: Council, far: FarService, status: int, body: Any, *, ok: bool, words: str
) -> None:
    add({**STRIPE, "stripe_account": "acct_1InventedForATest"})
    far.status, far.body = status, json.dumps(body).encode()
    health = services.check_connection("CARD", actor=ACTOR, at=AT)
    assert health.ok is ok
    assert words in health.words
    assert far.asked[0][1] == "/v1/balance"
    assert far.asked[0][2]["Stripe-Account"] == "acct_1InventedForATest"
    assert far.asked[0][2]["Authorization"] == f"Bearer {STRIPE_KEY}"


def test_smartpay_fuse_gets_a_token_that_its_secret_signed(
    council: Council, far: FarService
) -> None:
    add(FUSE)
    far.status = 404
    health = services.check_connection("FUSE", actor=ACTOR, at=AT)
    assert health.ok
    assert "first payment" in health.words
    _, path, headers = far.asked[0]
    head, claims, mac = headers["Authorization"].removeprefix("Bearer ").split(".")
    key = base64.b64decode(FUSE["smartpay_fuse_rest_secret"])
    expected = hmac.new(key, f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(expected).decode().rstrip("=") == mac
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert (
        json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
        == (FUSE["smartpay_fuse_rest_key_id"])
    )
    assert said["request-resource-path"] == path
    assert said["iss"] == "northmoor_test"
    assert said["exp"] - said["iat"] <= 120
    assert said["iat"] == int(AT.timestamp())


def test_the_simulator_calls_nobody(council: Council, far: FarService) -> None:
    add({"code": "SIM", "name": "Training", "provider": "simulator", "mode": "test"})
    assert services.check_connection("SIM", actor=ACTOR, at=AT).ok
    assert far.asked == []


def test_a_provider_that_is_not_there_is_an_outcome(council: Council, settings: Settings) -> None:
    add(PAY)
    settings.IMS_PROVIDER_ADDRESSES = {"govukpay": "http://127.0.0.1:9"}
    health = services.check_connection("WEB", actor=ACTOR, at=AT)
    assert not health.ok
    assert "could not be reached" in health.words


def test_nothing_of_a_credential_is_logged_or_audited(council: Council, far: FarService) -> None:
    add(PAY)
    far.status, far.body = 401, PAY_KEY.encode()
    with structlog.testing.capture_logs() as logs:
        health = services.check_connection("WEB", actor=ACTOR, at=AT)
    event = AuditEvent.objects.get(act="payments.ask_provider")
    assert event.facts == {
        "provider": "govukpay", "mode": "test", "ok": False, "said": health.words,
    }  # fmt: skip
    assert PAY_KEY not in f"{logs}{event.facts}{health}"


def test_a_change_makes_the_last_check_worth_nothing(council: Council, far: FarService) -> None:
    add(PAY)
    services.check_connection("WEB", actor=ACTOR, at=AT)
    change("WEB", govukpay_api_key="api_test_" + "0ther" * 8)
    found = ProviderAccount.objects.get()
    assert (found.checked_at, found.check_ok, found.check_words) == (None, None, "")


def test_an_account_changed_meanwhile_keeps_no_outcome(council: Council, far: FarService) -> None:
    add(PAY)

    def answers(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    far.writes = answers
    original = services._ask

    def slow(*args: Any, **named: Any) -> Any:
        health = original(*args, **named)
        change("WEB", name="Changed meanwhile")
        return health

    with pytest.MonkeyPatch.context() as patch, pytest.raises(AccountChanged):
        patch.setattr(services, "_ask", slow)
        services.check_connection("WEB", actor=ACTOR, at=AT)
    assert ProviderAccount.objects.get().checked_at is None


def test_who_may_not_and_what_is_not_there(council: Council, far: FarService) -> None:
    add(PAY)
    with pytest.raises(NotAllowed):
        services.check_connection("WEB", actor=Actor("Tom", 1, frozenset()), at=AT)
    for code in ("NOPE", "a\0b", ""):
        with pytest.raises(AccountNotFound):
            services.check_connection(code, actor=ACTOR, at=AT)
    assert far.asked == []


def test_an_account_without_its_key_says_which(council: Council, far: FarService) -> None:
    add(PAY)
    ProviderAccount.objects.update(credentials=None)
    health = services.check_connection("WEB", actor=ACTOR, at=AT)
    assert health.words == "The account has no API key yet. Enter it, then check again."
    assert far.asked == []


def test_each_council_is_asked_about_with_its_own_key(
    northmoor: Council, eastshire: Council, far: FarService
) -> None:
    other = "api_test_" + "0ther0ther" * 4
    with enter(northmoor):
        add(PAY)
    with enter(eastshire):
        add({**PAY, "govukpay_api_key": other})
        services.check_connection("WEB", actor=ACTOR, at=AT + timedelta(minutes=1))
    assert [asked[2]["Authorization"] for asked in far.asked] == [f"Bearer {other}"]
    with enter(northmoor):
        assert ProviderAccount.objects.get().checked_at is None
