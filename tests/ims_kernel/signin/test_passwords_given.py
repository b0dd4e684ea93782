"""The password somebody signs in with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.errors import SignInLocked, SignInRefused
from ims_kernel.identity.models import User
from ims_kernel.identity.services import create_user
from ims_kernel.signin.models import SignInSettings
from ims_kernel.signin.signing_in import LOCKED_FOR, MAX_FAILURES
from ims_kernel.signin.signing_in import check as sign_in
from ims_tenants.models import Council

NOW = clock.now()
PASSWORD = "three-random-words"


def person(email: str = "Priya@Example.org") -> User:
    return create_user(email=email, name="Priya", password=PASSWORD, roles=[])


def test_an_address_is_found_however_it_is_written(council: Council) -> None:
    made = person()
    assert sign_in(email=" PRIYA@example.org", password=PASSWORD, at=NOW) == made


def test_eight_wrong_passwords_lock_the_account_for_a_while(council: Council) -> None:
    made = person()
    for _ in range(MAX_FAILURES):
        with pytest.raises(SignInRefused):
            sign_in(email=made.email, password="wrong", at=NOW)
    with pytest.raises(SignInLocked):
        sign_in(email=made.email, password=PASSWORD, at=NOW)
    later = NOW + LOCKED_FOR + timedelta(seconds=1)
    assert sign_in(email=made.email, password=PASSWORD, at=later) == made
    made.refresh_from_db()
    assert (made.failed_sign_ins, made.locked_until_at) == (0, None)


def test_a_right_password_forgets_the_wrong_ones(council: Council) -> None:
    made = person()
    with pytest.raises(SignInRefused):
        sign_in(email=made.email, password="wrong", at=NOW)
    sign_in(email=made.email, password=PASSWORD, at=NOW)
    made.refresh_from_db()
    assert made.failed_sign_ins == 0


def test_nobody_and_a_leaver_get_the_same_answer(council: Council) -> None:
    made = person()
    made.is_active = False
    made.save()
    answers = []
    for email in (made.email, "nobody@example.org"):
        with pytest.raises(SignInRefused) as refused:
            sign_in(email=email, password=PASSWORD, at=NOW)
        answers.append(refused.value.message)
    assert answers[0] == answers[1]


def test_a_refusal_is_written_down_without_the_address(council: Council) -> None:
    made = person()
    for email in (made.email, "nobody@example.org"):
        with pytest.raises(SignInRefused):
            sign_in(email=email, password="wrong", at=NOW)
    events = AuditEvent.objects.filter(act="signin.refuse").order_by("pk")
    assert [event.object_id for event in events] == [str(made.pk), "unknown"]
    assert "example.org" not in str([event.facts for event in events])


def test_no_password_opens_anything_where_the_council_turned_them_off(council: Council) -> None:
    made = person()
    SignInSettings.objects.create(pk=1, allows_passwords=False, provider_is_on=True)
    with pytest.raises(SignInRefused):
        sign_in(email=made.email, password=PASSWORD, at=NOW)
