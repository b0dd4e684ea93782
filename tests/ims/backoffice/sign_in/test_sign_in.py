"""Signing in and out, on a council's host and on the public one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client

from ims_kernel import clock
from ims_kernel.identity import sessions
from ims_kernel.identity.models import User
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter, public
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of

EMAIL, PASSWORD = "priya@example.org", "correct-horse-battery"


@pytest.fixture
def priya(northmoor: Council) -> User:
    with enter(northmoor):
        SignInSettings.objects.create(pk=1, second_factor="optional")
        ensure_roles([RolePreset("Reads", "", ["ledger.view"])])
        return create_user(email=EMAIL, name="Priya Raman", password=PASSWORD, roles=["Reads"])


@pytest.fixture
def visitor(priya: User) -> Client:
    return Client(headers={"host": NORTHMOOR_HOST})


def given(**more: str) -> dict[str, str]:
    return {"email": EMAIL, "password": PASSWORD, **more}


def test_signing_in_leads_to_the_dashboard_under_a_new_session(visitor: Client) -> None:
    answer = visitor.post("/sign-in", given(email=f" {EMAIL.upper()} "))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Priya Raman" in text_of(visitor.get("/"))
    cookie = visitor.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert not cookie["max-age"]
    assert not cookie["domain"]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/", "https://evil.example/", "http:evil.example", "/\\evil.example",
        "\\\\evil", "///evil.example", "/\t/evil.example", "/sign-out?x=1",
        "javascript:alert(1)", "/%0a//evil.example", "evil", "", "/sign-in", "/sign-out",

    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(visitor: Client, target: str) -> None:
    answer = visitor.post("/sign-in", given(next=target))
    assert answer["Location"] in ("/", "/%0a//evil.example")
    # Signed in already, the same holds.
    assert visitor.get(f"/sign-in?next={quote(target)}")["Location"] == answer["Location"]


def test_the_way_back_keeps_its_query(visitor: Client) -> None:
    asked = "/transactions?text=a%26b&fund=CT"
    page = visitor.get(asked)
    assert page["Location"] == f"/sign-in?next={quote(asked)}"
    assert visitor.post("/sign-in", given(next=asked))["Location"] == asked


def test_one_answer_for_an_unknown_address_a_wrong_password_and_a_lock(
    visitor: Client, northmoor: Council
) -> None:
    def tried(email: str, password: str) -> tuple[int, str]:
        answer = visitor.post("/sign-in", {"email": email, "password": password})
        return answer.status_code, text_of(answer)

    unknown = tried("nobody@example.org", "x")
    assert unknown[0] == 400
    assert "The email address or password is not right" in unknown[1]
    for _ in range(9):
        assert tried(EMAIL, "wrong") == unknown
    assert tried(EMAIL, PASSWORD) == unknown
    with enter(northmoor):
        assert User.objects.get(email=EMAIL).locked_until_at is not None


def test_a_password_is_never_sent_back(visitor: Client) -> None:
    answer = visitor.post("/sign-in", {"email": EMAIL, "password": "wrong-but-secret"})
    assert "wrong-but-secret" not in answer.content.decode()
    assert EMAIL in answer.content.decode()


def test_an_account_that_was_closed_cannot_come_in(visitor: Client, northmoor: Council) -> None:
    with enter(northmoor):
        User.objects.filter(email=EMAIL).update(is_active=False)
    assert visitor.post("/sign-in", given()).status_code == 400


@pytest.mark.parametrize(
    "form", [{}, {"email": "x" * 300, "password": "y" * 2_000}, {"email": "\0"}]
)
def test_odd_input_gets_the_page_again(visitor: Client, form: dict[str, str]) -> None:
    answer = visitor.post("/sign-in", form)
    assert answer.status_code == 400
    assert "There is a problem" in text_of(answer)


def test_people_of_one_council_are_strangers_at_the_other(
    visitor: Client, eastshire: Council
) -> None:
    there = Client(headers={"host": EASTSHIRE_HOST})
    assert there.post("/sign-in", given()).status_code == 400
    operators = Client(headers={"host": django_settings.IMS_PUBLIC_HOST})
    assert operators.post("/sign-in", given()).status_code == 400


def test_signing_out_takes_a_post(visitor: Client) -> None:
    visitor.post("/sign-in", given())
    visitor.get("/sign-out")
    assert visitor.get("/").status_code == 200
    answer = visitor.post("/sign-out")
    assert "You have signed out." in text_of(visitor.get(answer["Location"]))
    assert visitor.get("/").status_code == 302


def test_forms_need_their_token(priya: User) -> None:
    strict = Client(headers={"host": NORTHMOOR_HOST}, enforce_csrf_checks=True)
    answer = strict.post("/sign-in", given())
    assert answer.status_code == 403
    assert "Your page is out of date" in text_of(answer)


def test_a_session_that_ended_is_said_and_the_way_back_kept(
    visitor: Client, northmoor: Council
) -> None:
    visitor.post("/sign-in", given())
    with enter(northmoor):
        Session.objects.all().update(expire_date=clock.now() - timedelta(seconds=1))
    answer = visitor.get("/transactions?fund=CT")
    page = text_of(visitor.get(answer["Location"]))
    assert "You were signed out" in page
    assert answer["Location"] == "/sign-in?next=/transactions%3Ffund%3DCT&ended=1"


def test_a_form_sent_too_late_leads_back_to_its_page(visitor: Client) -> None:
    answer = visitor.post(
        "/imports/upload", headers={"referer": f"http://{NORTHMOOR_HOST}/imports?x=1"}
    )
    assert answer["Location"] == "/sign-in?next=/imports%3Fx%3D1"
    assert visitor.post("/imports/upload")["Location"] == "/sign-in"


def test_a_part_of_a_page_that_asks_too_late_moves_the_whole_page(visitor: Client) -> None:
    answer = visitor.get(
        "/imports/1/progress",
        headers={"hx-request": "true", "hx-current-url": f"http://{NORTHMOOR_HOST}/imports/1"},
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in?next=/imports/1"


def test_working_keeps_a_session_alive_and_writes_it_seldom(
    visitor: Client, northmoor: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post("/sign-in", given())
    with enter(northmoor):
        first = Session.objects.get().expire_date
    visitor.get("/")
    with enter(northmoor):
        assert Session.objects.get().expire_date == first
    monkeypatch.setattr(sessions, "_RENEW_EVERY", -1)
    visitor.get("/")
    with enter(northmoor):
        assert Session.objects.get().expire_date > first


def test_operators_sign_in_on_the_public_host(db: None) -> None:
    with public():
        ensure_roles([RolePreset("Runs", "", ["councils.view"])])
        create_user(email=EMAIL, name="Rhian Bevan", password=PASSWORD, roles=["Runs"])
    operator = Client(headers={"host": django_settings.IMS_PUBLIC_HOST})
    answer = operator.post("/sign-in", given(next="/councils"))
    assert answer["Location"] == "/councils"
    assert operator.get("/councils").status_code == 200
