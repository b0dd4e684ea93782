"""Choosing passwords: by a link, and by oneself."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.models import User
from ims_kernel.signin import limits, passwords
from ims_kernel.signin.errors import PasswordRefused, ResetLinkRefused
from ims_kernel.signin.tasks import send_reset_link
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

NEW = "violet-tractor-monday"
SITE = f"http://{NORTHMOOR_HOST}/"


def link_for(user: User, council: Council) -> str:
    """The path in the letter that is sent."""
    mail.outbox.clear()
    with enter(council):
        send_reset_link.function(user_id=user.pk, site=SITE)
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    found = re.search(rf"{re.escape(SITE)}(\S+)", str(letter.body))
    assert found
    return f"/{found.group(1)}"


def test_a_link_replaces_the_password_but_not_the_second_factor(northmoor: Council) -> None:
    priya = make_person_with_app(northmoor)
    client = browser(NORTHMOOR_HOST)
    answer = client.get(link_for(priya.user, northmoor))
    # The link leaves the address bar at once.
    assert answer["Location"] == "/sign-in/new-password"
    assert "link" not in answer["Location"]
    assert client.post("/sign-in/new-password", {"new": "short"}).status_code == 400
    assert client.post("/sign-in/new-password", {"new": NEW})["Location"] == "/sign-in?password=1"
    assert "Your password was changed" in text_of(client.get("/sign-in?password=1"))
    assert client.get("/")["Location"].startswith("/sign-in")
    answer = client.post("/sign-in", {"email": EMAIL, "password": NEW})
    assert answer["Location"] == "/sign-in/code"
    assert client.post("/sign-in/code", {"code": code_of(priya.secret)}).status_code == 302


def test_a_link_works_once_for_an_hour_and_in_one_council(
    northmoor: Council, eastshire: Council
) -> None:
    user = make_person(northmoor)
    make_person(eastshire)
    link = link_for(user, northmoor)
    other = browser(EASTSHIRE_HOST)
    other.get(link)
    assert other.post("/sign-in/new-password", {"new": NEW}).status_code == 404
    with time_machine.travel(clock.now().timestamp() + 3_700, tick=False):
        late = browser(NORTHMOOR_HOST)
        late.get(link)
        assert "cannot be used" in text_of(late.get("/sign-in/new-password"))
    client = browser(NORTHMOOR_HOST)
    client.get(link)
    assert client.post("/sign-in/new-password", {"new": NEW}).status_code == 302
    again = browser(NORTHMOOR_HOST)
    again.get(link)
    assert again.get("/sign-in/new-password").status_code == 404


@pytest.mark.parametrize("link", ["", "x", "1.x", "9" * 40 + ".x", "-1.x", "².x", "1." + "a" * 300])
def test_links_that_were_never_sent(council: Council, link: str) -> None:
    make_person(council)
    with pytest.raises(ResetLinkRefused):
        passwords.of_link(link)


def test_asking_says_the_same_whoever_asks(northmoor: Council) -> None:
    make_person(northmoor)
    pages = []
    for email in (EMAIL, "nobody@example.org", "not an address"):
        answer = browser(NORTHMOOR_HOST).post("/sign-in/forgot", {"email": email})
        pages.append((answer.status_code, text_of(answer)))
    assert len(set(pages)) == 1
    assert ProcrastinateJob.objects.filter(task_name__endswith="send_reset_link").count() == 1
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_reset_link")
    assert "example.org" not in str(job.args)
    with enter(northmoor):
        assert AuditEvent.objects.filter(act="signin.ask_reset").count() == 1


def test_nobody_is_buried_in_letters(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    for _ in range(limits.RESET_PERSON.most + 3):
        assert "Check your email" in text_of(client.post("/sign-in/forgot", {"email": EMAIL}))
    assert ProcrastinateJob.objects.filter(task_name__endswith="send_reset_link").count() == 3
    for _ in range(limits.RESET_ADDRESS.most):
        answer = client.post("/sign-in/forgot", {"email": "x@example.org"})
    assert "tried too often" in text_of(answer)


def test_without_email_the_page_is_not_there(northmoor: Council, settings: Settings) -> None:
    client = browser(NORTHMOOR_HOST)
    assert "I have forgotten my password" in text_of(client.get("/sign-in"))
    settings.IMS_SENDS_EMAIL = False
    assert "I have forgotten my password" not in text_of(client.get("/sign-in"))
    assert client.get("/sign-in/forgot").status_code == 404
    settings.IMS_SENDS_EMAIL = True
    # Operators have no council whose worker could send the letter.
    assert (
        Client(headers={"host": settings.IMS_PUBLIC_HOST}).get("/sign-in/forgot").status_code == 404
    )


def test_a_leaver_gets_no_letter(council: Council) -> None:
    user = make_person(council)
    User.objects.update(is_active=False)
    send_reset_link.function(user_id=user.pk, site=SITE)
    assert mail.outbox == []


# --- rules ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short-words", "at least 12 characters"),
        ("password1234", "attackers try first"),
        ("priya@example.org", "too much like"),
    ],
)
def test_passwords_that_may_not_be_chosen(council: Council, password: str, words: str) -> None:
    user = make_person(council)
    with pytest.raises(PasswordRefused, match=words):
        passwords.check_rules(password, user)


@pytest.mark.parametrize("password", ["violet tractor monday", "ünïcödé-ünïcödé", "x" * 500 + "1"])
def test_there_are_no_other_rules(council: Council, password: str) -> None:
    passwords.check_rules(password, make_person(council))


# --- one's own change -----------------------------------------------------------------------------
def test_changing_it_ends_every_other_session(northmoor: Council) -> None:
    priya = make_person_with_app(northmoor)
    here, there = browser(NORTHMOOR_HOST), browser(NORTHMOOR_HOST)
    for client, code in ((here, priya.codes[0]), (there, priya.codes[1])):
        give_password(client)
        client.post("/sign-in/code", {"code": code})
    wrong = here.post("/security/password", {"present": "wrong", "new": NEW})
    assert "present password is not right" in text_of(wrong)
    weak = here.post("/security/password", {"present": PASSWORD, "new": "short"})
    assert "Use at least 12 characters" in text_of(weak)
    assert there.get("/").status_code == 200
    changed = here.post("/security/password", {"present": PASSWORD, "new": NEW})
    assert changed["Location"] == "/security"
    page = text_of(here.get("/security"))
    assert "Your password was changed" in page
    assert page.count("This one") == 1
    assert there.get("/")["Location"].startswith("/sign-in")


def test_the_present_password_is_not_guessed_from_an_open_screen(northmoor: Council) -> None:
    make_person(northmoor)
    client = browser(NORTHMOOR_HOST)
    give_password(client)
    for _ in range(limits.PROOF.most):
        client.post("/security/password", {"present": "wrong", "new": NEW})
    answer = client.post("/security/password", {"present": PASSWORD, "new": NEW})
    assert "tried too often" in text_of(answer)
