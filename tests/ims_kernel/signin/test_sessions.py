"""How long a session lasts, and where somebody is signed in."""

from __future__ import annotations

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity import sessions
from ims_kernel.identity.models import User
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_kernel.signin.devices import device_words
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter, public
from ims_tenants.models import Council
from tests.councils import NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import EMAIL, PASSWORD, browser, give_password, make_person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def priya(northmoor: Council) -> User:
    with enter(northmoor):
        SignInSettings.objects.create(pk=1, second_factor="optional", idle_minutes=10)
    return make_person(northmoor)


def signed_in() -> Client:
    client = browser(NORTHMOOR_HOST)
    assert give_password(client) == "/"
    return client


def after(seconds: int) -> time_machine.travel:
    return time_machine.travel(clock.now().timestamp() + seconds, tick=False)


def test_a_session_ends_when_the_council_says(priya: User) -> None:
    client = signed_in()
    cookie = client.cookies["ims_session"]
    assert not cookie["max-age"], "The cookie goes with the browser."
    with after(9 * 60):
        assert client.get("/transactions").status_code == 200
    with after(18 * 60):
        assert client.get("/transactions").status_code == 200
    with after(29 * 60):
        answer = client.get("/transactions")
        assert answer["Location"] == "/sign-in?next=/transactions&ended=1"


def test_nobody_stays_for_more_than_a_long_day(priya: User, northmoor: Council) -> None:
    with enter(northmoor):
        SignInSettings.objects.update(idle_minutes=480)
    client = signed_in()
    for hours in (6, 11):
        with after(hours * 3600):
            assert client.get("/transactions").status_code == 200
    with after(12 * 3600 + 60):
        assert client.get("/transactions")["Location"].startswith("/sign-in")
        assert client.get("/security")["Location"].startswith("/sign-in")


def test_where_somebody_is_signed_in(priya: User, northmoor: Council) -> None:
    here, there = signed_in(), browser(NORTHMOOR_HOST)
    given = {"email": EMAIL, "password": PASSWORD}
    there.post("/sign-in", given, headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.9")
    page = text_of(here.get("/security"))
    assert "Firefox on Windows 192.0.2.9" in page
    assert "Unknown browser This one 127.0.0.1" in page
    here.post("/security/sign-out-elsewhere")
    assert there.get("/")["Location"].startswith("/sign-in")
    assert "Firefox" not in text_of(here.get("/security"))
    assert here.get("/security/sign-out-elsewhere")["Location"] == "/security"
    with enter(northmoor):
        event = AuditEvent.objects.get(act="signin.end_sessions")
        assert event.facts == {"sessions_ended": 1}


def test_sessions_that_ended_are_forgotten(priya: User, northmoor: Council) -> None:
    signed_in()
    with after(3600):
        client = signed_in()
        assert text_of(client.get("/security")).count("Unknown browser") == 1
    with enter(northmoor):
        Session.objects.all().delete()
    signed_in()
    with enter(northmoor):
        assert UserSession.objects.count() == 1


def test_signing_out_forgets_the_session_and_is_written_down(
    priya: User, northmoor: Council
) -> None:
    client = signed_in()
    client.post("/sign-out")
    with enter(northmoor):
        assert not UserSession.objects.exists()
        assert not Session.objects.exists()
        acts = AuditEvent.objects.order_by("pk").values_list("act", "actor_name")
        assert list(acts)[-2:] == [
            ("signin.sign_in", "Priya Raman"),
            ("signin.sign_out", "Priya Raman"),
        ]


def test_somebody_closed_is_out_at_once(priya: User, northmoor: Council) -> None:
    client = signed_in()
    with enter(northmoor):
        User.objects.update(is_active=False)
    assert client.get("/")["Location"].startswith("/sign-in")


def test_a_session_that_says_nothing_of_a_second_factor_owes_it() -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    assert sessions.owes_second_factor(request)
    request.session = {"second_factor": "passed "}  # type: ignore[assignment]
    assert sessions.owes_second_factor(request)


def test_pages_ask_a_fixed_number_of_questions(priya: User, northmoor: Council) -> None:
    client = signed_in()
    with CaptureQueriesContext(connection) as few:
        client.get("/security")
    for _ in range(3):
        signed_in()
    with CaptureQueriesContext(connection) as many:
        assert text_of(client.get("/security")).count("Unknown browser") == 4
    assert len(many) == len(few) <= 20


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Firefox/1", "Firefox"),
        ("curl/8", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_operators_need_a_second_factor_too(settings: Settings, db: None) -> None:
    settings.IMS_OPERATORS_NEED_SECOND_FACTOR = True
    with public():
        ensure_roles([RolePreset("Op", "", ["councils.view"])])
        create_user(email="rhian@ims.example", name="Rhian", password=PASSWORD, roles=["Op"])
    client = Client(headers={"host": settings.IMS_PUBLIC_HOST})
    assert give_password(client, email="rhian@ims.example") == "/"
    assert client.get("/councils")["Location"].startswith("/security/set-up")
    assert client.get("/security/app").status_code == 200
    # What is a council's own is not there.
    assert client.get("/sign-in/single-sign-on").status_code == 404
    assert client.get("/settings/sign-in/check").status_code == 404
