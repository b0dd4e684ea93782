"""Joiners, leavers, the dormant, and two managers at once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity import accounts, grants, invitations, people, selectors, tasks
from ims_kernel.identity.errors import (
    EmailTaken,
    GrantEnded,
    GrantRefused,
    InvitationRefused,
    LastManager,
    NotYoursToGive,
    OwnGrants,
    PasswordRefused,
    PersonDetailsRefused,
    PersonInOtherState,
    SignInRefused,
)
from ims_kernel.identity.grants import GrantDraft
from ims_kernel.identity.models import Grant, Invitation, User
from ims_kernel.identity.people import Joiner
from ims_kernel.identity.selectors import actor_for
from ims_kernel.identity.services import create_user
from ims_kernel.signin.signing_in import check as sign_in
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.people import SYSTEM, acting, grant, person, role
from tests.factories.threads import at_once

NOW = clock.now()
PASSWORD = "seven-green-kettles"


def invited(email: str = "nia@example.org") -> people.Invited:
    return people.invite(Joiner(email, "Nia Newcomer"), actor=SYSTEM, at=NOW)


# --- joining --------------------------------------------------------------------------------------
def test_a_link_works_once_and_only_its_digest_is_kept(council: Council) -> None:
    made = invited()
    kept = Invitation.objects.get()
    assert made.token.split("~")[0] not in repr(vars(kept))
    with pytest.raises(PasswordRefused, match="at least 12"):
        people.accept(made.token, "short", at=NOW)
    user = people.accept(made.token, PASSWORD, at=NOW)
    assert check_password(PASSWORD, user.password)
    assert (user.state, user.is_active) == ("active", True)
    with pytest.raises(InvitationRefused):
        people.accept(made.token, "another-long-one", at=NOW)
    user.refresh_from_db()
    assert check_password(PASSWORD, user.password)


def test_an_old_a_replaced_a_changed_and_a_foreign_link_are_refused_alike(
    council: Council, eastshire: Council
) -> None:
    first = invited()
    second = people.invite_again(first.user_id, actor=SYSTEM, at=NOW)
    with enter(eastshire), transaction.atomic():
        theirs = invited()
        transaction.set_rollback(True)
    said = set()
    for token, at in (
        (first.token, NOW),
        (second.token, second.expires_at),
        (second.token[:-1] + ("a" if second.token[-1] != "a" else "b"), NOW),
        (theirs.token, NOW),
        ("", NOW),
        ("x" * 5_000, NOW),
    ):
        with pytest.raises(InvitationRefused) as refused:
            people.accept(token, PASSWORD, at=at)
        said.add(refused.value.message)
    assert len(said) == 1
    assert invitations.read(second.token, at=NOW).user_id == first.user_id


@pytest.mark.parametrize(
    ("email", "name"),
    [("nia", "Nia"), ("nia@@example.org", "Nia"), ("nia@example.org", " "), ("n@e.org", "N\x00")],
)
def test_somebody_without_a_name_or_address_is_not_invited(
    council: Council, email: str, name: str
) -> None:
    with pytest.raises(PersonDetailsRefused):
        people.invite(Joiner(email, name), actor=SYSTEM, at=NOW)
    assert not User.objects.exists()


def test_an_invitation_that_gives_too_much_makes_nobody(council: Council) -> None:
    manager = acting(grant(["people.manage"]))
    before = User.objects.count()
    joiner = Joiner("nia@example.org", "Nia", grants=[GrantDraft(role().pk, clock.day_of(NOW))])
    with pytest.raises(NotYoursToGive):
        people.invite(joiner, actor=manager, at=NOW)
    assert User.objects.count() == before
    invited()
    with pytest.raises(EmailTaken, match="invite them back"):
        invited("NIA@example.org")


# --- leaving --------------------------------------------------------------------------------------
def test_a_leaver_loses_roles_password_and_link_and_keeps_their_history(council: Council) -> None:
    user = create_user(email="ada@example.org", name="Ada", password=PASSWORD, roles=["Auditor"])
    people.leave(user.pk, actor=SYSTEM, at=NOW, reason="Retired")
    user.refresh_from_db()
    assert (user.state, user.is_active) == ("left", False)
    assert not check_password(PASSWORD, user.password)
    assert not actor_for(user).permissions
    assert Grant.objects.get(user=user).ended_at == NOW
    event = AuditEvent.objects.get(act="identity.leave")
    assert (event.reason, event.facts["roles"]) == ("Retired", ["Auditor"])
    with pytest.raises(SignInRefused):
        sign_in(email="ada@example.org", password=PASSWORD, at=NOW)
    with pytest.raises(PersonInOtherState):
        people.leave(user.pk, actor=SYSTEM, at=NOW, reason="Again")
    back = people.rejoin(user.pk, actor=SYSTEM, at=NOW)
    assert people.accept(back.token, PASSWORD, at=NOW).state == "active"
    assert not actor_for(user).permissions


def test_somebody_invited_who_leaves_cannot_use_the_link(council: Council) -> None:
    made = invited()
    people.leave(made.user_id, actor=SYSTEM, at=NOW, reason="Did not start")
    with pytest.raises(InvitationRefused):
        people.accept(made.token, PASSWORD, at=NOW)


def test_nobody_says_that_they_themselves_left_or_wakes_themselves(council: Council) -> None:
    me = person(grant(None))
    person(grant(None))
    with pytest.raises(OwnGrants):
        people.leave(me.pk, actor=actor_for(me), at=NOW, reason="x")
    with pytest.raises(OwnGrants):
        people.reactivate(me.pk, actor=actor_for(me), at=NOW)


def test_a_link_of_somebody_who_joined_another_way_is_refused(council: Council) -> None:
    made = invited()
    User.objects.filter(pk=made.user_id).update(state="active", is_active=True)
    with pytest.raises(InvitationRefused, match="This link cannot be used"):
        people.accept(made.token, PASSWORD, at=NOW)
    assert Invitation.objects.get().used_at is None
    assert not check_password(PASSWORD, User.objects.get(pk=made.user_id).password)


def test_details_saved_as_they_were_write_nothing(council: Council) -> None:
    user = person(name="Nia Newcomer")
    people.change_details(user.pk, name=" Nia Newcomer ", office_code="", actor=SYSTEM, at=NOW)
    told = AuditEvent.objects.filter(act="identity.change_details")
    assert not told.exists()
    people.change_details(user.pk, name="Nia Married", office_code="", actor=SYSTEM, at=NOW)
    user.refresh_from_db()
    assert user.name == "Nia Married"
    assert told.get().facts["changed"] == ["name"]


def test_an_account_number_no_account_can_have_finds_nobody(council: Council) -> None:
    user = person()
    assert accounts.open_account(user.pk) == user
    for number in (0, -1, 2**63):
        assert accounts.open_account(number) is None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert accounts.open_account(user.pk) is None


# --- dormant --------------------------------------------------------------------------------------
def test_whoever_does_not_sign_in_for_the_councils_days_is_made_dormant(council: Council) -> None:
    people.save_settings(dormant_after_days=30, invitation_days=5, actor=SYSTEM, at=NOW)
    person(grant(None))
    user = create_user(email="ada@example.org", name="Ada", password=PASSWORD, roles=["Auditor"])
    sign_in(email="ada@example.org", password=PASSWORD, at=NOW)
    assert not people.overdue(at=NOW + timedelta(days=29))
    late = NOW + timedelta(days=31)
    assert people.overdue(at=late)
    with pytest.raises(SignInRefused):
        sign_in(email="ada@example.org", password=PASSWORD, at=late)
    user.refresh_from_db()
    assert user.state == "dormant"
    assert people.sleeps(user, at=NOW)  # until somebody wakes them, whatever the day is
    assert actor_for(user).may("ledger.view")  # the roles are kept for when they come back
    people.reactivate(user.pk, actor=SYSTEM, at=late)
    assert sign_in(email="ada@example.org", password=PASSWORD, at=late) == user


def test_the_job_makes_people_dormant_and_spares_the_last_manager(council: Council) -> None:
    last, other = person(grant(None)), person(grant(["ledger.view"]))
    long_ago = NOW - timedelta(days=400)
    User.objects.update(joined_at=long_ago)
    assert tasks.somebody_is_overdue()
    tasks.make_people_dormant.function()
    states = {user.pk: user.state for user in User.objects.all()}
    assert states == {last.pk: "active", other.pk: "dormant"}
    assert not tasks.somebody_is_overdue()
    assert AuditEvent.objects.get(act="identity.dormant").actor_name == "dormant people"


def test_the_days_must_make_sense(council: Council) -> None:
    for days in (0, -1, 1_001):
        with pytest.raises(PersonDetailsRefused):
            people.save_settings(dormant_after_days=days, invitation_days=5, actor=SYSTEM, at=NOW)
    assert selectors.people_settings().dormant_after_days == 90
    assert people.save_settings(dormant_after_days=90, invitation_days=9, actor=SYSTEM, at=NOW)
    assert not people.save_settings(dormant_after_days=90, invitation_days=9, actor=SYSTEM, at=NOW)


# --- at once --------------------------------------------------------------------------------------
@pytest.mark.committed
def test_two_managers_who_remove_each_other_leave_one(
    committed_councils: tuple[Council, Council],
) -> None:
    council, _ = committed_councils
    with enter(council):
        one, two = person(grant(None)), person(grant(None))
        first, second = actor_for(one), actor_for(two)
    results = at_once(
        council,
        [
            lambda: people.leave(two.pk, actor=first, at=NOW, reason="x"),
            lambda: people.leave(one.pk, actor=second, at=NOW, reason="x"),
        ],
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, LastManager) for result in results) == 1
    with enter(council):
        assert selectors.has_manager(clock.day_of(NOW))


@pytest.mark.committed
def test_two_managers_who_change_the_same_person_do_it_once(
    committed_councils: tuple[Council, Council],
) -> None:
    council, _ = committed_councils
    with enter(council):
        makers = [acting(grant(None)) for _ in range(2)]
        user, draft = person(), GrantDraft(role(["ledger.view"]).pk, clock.day_of(NOW))
    given = at_once(
        council, [partial(grants.give, user.pk, draft, actor=a, at=NOW) for a in makers]
    )
    assert sum(isinstance(each, GrantRefused) for each in given) == 1
    with enter(council):
        held = Grant.objects.get(user=user)
    ended = at_once(council, [partial(grants.end, held.pk, actor=a, at=NOW) for a in makers])
    assert sum(isinstance(each, GrantEnded) for each in ended) == 1


@pytest.mark.committed
def test_a_link_pressed_twice_sets_one_password(
    committed_councils: tuple[Council, Council],
) -> None:
    council, _ = committed_councils
    with enter(council):
        made = invited()
    words = ("seven-green-kettles", "eight-blue-saucers")
    results = at_once(council, [partial(people.accept, made.token, w, at=NOW) for w in words])
    assert sum(isinstance(each, InvitationRefused | PersonInOtherState) for each in results) == 1
