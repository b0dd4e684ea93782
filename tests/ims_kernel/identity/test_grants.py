"""Who may do what, where and how much; and who may say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity import grants, people, roles, second_person, selectors
from ims_kernel.identity.errors import (
    GrantEnded,
    GrantNotFound,
    GrantRefused,
    LastManager,
    NeedsSecondPerson,
    NotYoursToGive,
    OwnGrants,
    PersonInOtherState,
    RoleRefused,
)
from ims_kernel.identity.grants import GrantDraft
from ims_kernel.identity.models import Grant, GrantRequest, Role, User
from ims_kernel.identity.selectors import actor_for
from ims_kernel.identity.subset import lacking
from ims_kernel.permissions import Actor, Holding, OutOfScope, OverLimit
from ims_tenants.models import Council
from tests.factories.people import GROUPS, SYSTEM, acting, fund_groups, grant, person, role

NOW = clock.now()
TODAY = clock.day_of(NOW)


@pytest.fixture(autouse=True)
def groups() -> Iterator[None]:
    with fund_groups():
        yield


def second_person_for_roles() -> None:
    act = second_person.Act(second_person.GRANT, "Giving somebody a role")
    second_person.save(act, is_needed=True, over_pence=None, actor=SYSTEM, at=NOW)


# --- what an actor may ----------------------------------------------------------------------------
def test_a_scope_and_a_limit_hold_and_say_so_in_words(council: Council) -> None:
    actor = acting(grant(["suspense.allocate"], groups=["TAX"], limit_pence=500_00))
    actor.require("suspense.allocate", fund="CT", amount_pence=500_00)
    actor.require("suspense.allocate", fund="CT", amount_pence=-500_00)
    with pytest.raises(OutOfScope, match="does not cover fund HR"):
        actor.require("suspense.allocate", fund="HR", amount_pence=1)
    with pytest.raises(OverLimit, match=r"up to £500\.00, and this is £500\.01"):
        actor.require("suspense.allocate", fund="CT", amount_pence=-500_01)
    with pytest.raises(NotAllowed, match="You need the permission “Take money”"):
        actor.require("receipts.take", fund="CT", amount_pence=1)


def test_one_grant_must_cover_the_whole_act(council: Council) -> None:
    """A limit of one grant is not a limit in the funds of another."""
    actor = acting(
        grant(["suspense.allocate"], groups=["TAX"], limit_pence=100_00),
        grant(["suspense.allocate"], groups=["RENT"], limit_pence=9_000_00),
    )
    assert not actor.may("suspense.allocate", fund="CT", amount_pence=101_00)
    assert actor.may("suspense.allocate", fund="HR", amount_pence=101_00)
    assert actor.within("suspense.allocate", "fund") == frozenset({"CT", "HR"})


def test_a_limited_grant_gives_nothing_that_works_on_the_whole_council(council: Council) -> None:
    actor = acting(grant(None, groups=["TAX"]))
    assert actor.may("ledger.view", fund="CT")
    for whole in ("exports.view", "imports.post", "people.manage", "ledger.close_period"):
        assert not actor.may(whole), whole
    assert acting(grant(None)).may("exports.view")


def test_a_group_without_funds_and_a_dimension_nobody_knows_give_nothing(council: Council) -> None:
    assert not acting(grant(["ledger.view"], groups=["NONE"])).may("ledger.view", fund="CT")
    user = person(grant(["ledger.view"]))
    Grant.objects.filter(user=user).update(scope={"planet": ["MARS"]})
    assert not actor_for(user).may("ledger.view")


def test_a_grant_holds_on_its_first_and_last_day_and_on_no_other(council: Council) -> None:
    held = {}
    for name, first, last in (
        ("tomorrow", TODAY + timedelta(1), None),
        ("yesterday", TODAY - timedelta(9), TODAY - timedelta(1)),
        ("today", TODAY, TODAY),
    ):
        draft = GrantDraft(role(["ledger.view"]).pk, first, last)
        held[name] = acting(draft).may("ledger.view")
    assert held == {"tomorrow": False, "yesterday": False, "today": True}


def test_the_actor_is_made_in_one_query_however_many_grants_there_are(council: Council) -> None:
    free = person(grant(["ledger.view"]), grant(["suspense.view"]))
    many = person(*(grant(["ledger.view"], groups=[code]) for code in GROUPS))
    for user in (free, many):
        # The dimension of these tests asks no database; a real one adds one query.
        with CaptureQueriesContext(connection) as queries:
            actor_for(user)
        asked = [each["sql"] for each in queries if "search_path" not in each["sql"].lower()]
        assert len(asked) == 1, asked


# --- who may give ---------------------------------------------------------------------------------
CODES = st.sets(st.sampled_from(["TAX", "RENT", "BOTH"]), min_size=1)
SCOPES = st.one_of(st.none(), CODES)
LIMITS = st.one_of(st.none(), st.integers(0, 3))
NAMES = st.sets(st.sampled_from(["ledger.view", "ledger.reverse", "suspense.allocate"]), min_size=1)


@st.composite
def holdings(draw: st.DrawFn) -> Holding:
    codes = draw(SCOPES)
    scope = {} if codes is None else {"group": frozenset(codes)}
    funds = {} if codes is None else {"fund": frozenset().union(*(GROUPS[c] for c in codes))}
    return Holding(frozenset(draw(NAMES)), funds, draw(LIMITS), scope)


@settings(max_examples=400, deadline=None)
@given(st.lists(holdings(), max_size=4), holdings())
def test_whoever_gets_a_role_can_do_nothing_that_the_giver_cannot(
    own: list[Holding], offered: Holding
) -> None:
    everything = frozenset().union(*(each.permissions for each in own)) if own else frozenset()
    giver = Actor("Giver", 1, everything, holdings=tuple(own))
    if lacking(giver, offered):
        return
    taker = Actor("Taker", 2, offered.permissions, holdings=(offered,))
    for name in offered.permissions:
        for fund in ("CT", "HR", "TW"):
            for pence in range(5):
                if taker.may(name, fund=fund, amount_pence=pence):
                    assert giver.may(name, fund=fund, amount_pence=pence)


def test_nobody_gives_what_they_do_not_hold_as_widely(council: Council) -> None:
    manager = acting(
        grant(["people.manage"]), grant(["ledger.view"], groups=["TAX"], limit_pence=100)
    )
    user, wanted = person(), role(["ledger.view"])
    for scope, limit in (({}, 100), ({"group": ["RENT"]}, 100), ({"group": ["TAX"]}, None)):
        draft = GrantDraft(wanted.pk, TODAY, scope=scope, limit_pence=limit)
        with pytest.raises(NotYoursToGive, match="“See transactions”"):
            grants.give(user.pk, draft, actor=manager, at=NOW)
    assert not Grant.objects.filter(user=user).exists()
    draft = GrantDraft(wanted.pk, TODAY, scope={"group": ["TAX"]}, limit_pence=100)
    assert grants.give(user.pk, draft, actor=manager, at=NOW).grant_id


@pytest.mark.parametrize("scope", [{"group": []}, {"group": ["ZZ"]}, {"planet": ["MARS"]}])
def test_a_scope_the_council_does_not_have_is_refused(
    council: Council, scope: dict[str, list[str]]
) -> None:
    user = person()
    with pytest.raises(GrantRefused):
        grants.give(user.pk, GrantDraft(role().pk, TODAY, scope=scope), actor=SYSTEM, at=NOW)
    assert not Grant.objects.filter(user=user).exists()


def test_a_role_that_cannot_be_limited_or_is_out_of_use_is_refused(council: Council) -> None:
    user, whole = person(), role(["exports.run"])
    draft = GrantDraft(whole.pk, TODAY, scope={"group": ["TAX"]})
    with pytest.raises(GrantRefused, match="works on the whole council"):
        grants.give(user.pk, draft, actor=SYSTEM, at=NOW)
    roles.retire(whole.pk, actor=SYSTEM, at=NOW)
    with pytest.raises(GrantRefused, match="is not in use"):
        grants.give(user.pk, GrantDraft(whole.pk, TODAY), actor=SYSTEM, at=NOW)


def test_nobody_changes_their_own_or_without_the_permission(council: Council) -> None:
    me = person(grant(None))
    myself, held = actor_for(me), Grant.objects.get(user=me)
    with pytest.raises(OwnGrants):
        grants.give(me.pk, GrantDraft(role(["ledger.view"]).pk, TODAY), actor=myself, at=NOW)
    with pytest.raises(OwnGrants):
        grants.end(held.pk, actor=myself, at=NOW)
    viewer = acting(grant(["people.view"]))
    with pytest.raises(NotAllowed):
        grants.end(held.pk, actor=viewer, at=NOW)
    held.refresh_from_db()
    assert held.ended_at is None


def test_the_last_who_can_manage_people_stays(council: Council) -> None:
    last, limited = person(grant(None)), person(grant(["people.manage"]))
    (held,) = Grant.objects.filter(user=last)
    Grant.objects.filter(user=limited).update(ends_on=TODAY + timedelta(1))
    for change in (
        lambda: grants.end(held.pk, actor=SYSTEM, at=NOW),
        lambda: people.leave(last.pk, actor=SYSTEM, at=NOW, reason="x"),
        lambda: roles.change(
            held.role_id, name="Less", description="", permissions=[], actor=SYSTEM, at=NOW
        ),
    ):
        with pytest.raises(LastManager, match="Nobody would be left"):
            change()
    last.refresh_from_db()
    assert (last.state, actor_for(last).may("people.manage")) == ("active", True)
    assert not AuditEvent.objects.filter(act="identity.leave").exists()


# --- a second person ------------------------------------------------------------------------------
def test_a_proposed_role_is_approved_by_somebody_else_who_holds_it(council: Council) -> None:
    second_person_for_roles()
    maker, checker = person(grant(None)), person(grant(None))
    user = person()
    poor = acting(grant(["people.manage"]))
    draft = GrantDraft(role(["ledger.view"]).pk, TODAY)
    given = grants.give(user.pk, draft, actor=actor_for(maker), at=NOW, reason="Cover")
    assert given.grant_id is None
    assert given.request_id is not None
    with pytest.raises(NeedsSecondPerson):
        grants.decide(given.request_id, approve=True, actor=actor_for(maker), at=NOW)
    with pytest.raises(NeedsSecondPerson):
        grants.decide(given.request_id, approve=True, actor=SYSTEM, at=NOW)
    with pytest.raises(NotYoursToGive):
        grants.decide(given.request_id, approve=True, actor=poor, at=NOW)
    Grant.objects.filter(user=checker).update(user=user)
    with pytest.raises(OwnGrants):
        grants.decide(given.request_id, approve=True, actor=actor_for(user), at=NOW)
    Grant.objects.filter(user=user).update(user=checker)
    assert not Grant.objects.filter(user=user).exists()
    grants.decide(given.request_id, approve=True, actor=actor_for(checker), at=NOW)
    assert actor_for(user).may("ledger.view")
    with pytest.raises(GrantEnded):
        grants.decide(given.request_id, approve=False, actor=actor_for(checker), at=NOW)


def test_a_request_dies_with_whom_it_is_about(council: Council) -> None:
    second_person_for_roles()
    user, maker = person(), acting(grant(None))
    draft = GrantDraft(role(["ledger.view"]).pk, TODAY)
    grants.give(user.pk, draft, actor=maker, at=NOW)
    people.leave(user.pk, actor=SYSTEM, at=NOW, reason="x")
    assert GrantRequest.objects.get(user=user).state == "refused"
    with pytest.raises(PersonInOtherState):
        grants.give(user.pk, draft, actor=maker, at=NOW)


def test_a_role_that_is_held_does_not_grow_past_the_second_person(council: Council) -> None:
    second_person_for_roles()
    small = role(["ledger.view"])
    person(GrantDraft(small.pk, TODAY))
    with pytest.raises(RoleRefused, match="needs a second person"):
        roles.change(
            small.pk, name=small.name, description="", actor=SYSTEM, at=NOW,
            permissions=["ledger.view", "ledger.reverse"],
        )  # fmt: skip
    assert Role.objects.get(pk=small.pk).permissions == ["ledger.view"]
    assert roles.change(
        small.pk, name=small.name, description="", permissions=[], actor=SYSTEM, at=NOW
    )


def test_a_rule_may_begin_at_an_amount(council: Council) -> None:
    act = second_person.Act("tests.refund", "Refunding", has_amount=True)
    assert not second_person.needed("tests.refund", 1)
    assert second_person.save(act, is_needed=True, over_pence=100, actor=SYSTEM, at=NOW)
    assert not second_person.save(act, is_needed=True, over_pence=100, actor=SYSTEM, at=NOW)
    answers = [second_person.needed("tests.refund", pence) for pence in (100, 101, -101, None)]
    assert answers == [False, True, True, True]
    assert second_person.needed("tests.nobody_registered", default=True)


# --- roles ----------------------------------------------------------------------------------------
def test_nobody_puts_into_a_role_what_they_do_not_hold_everywhere(council: Council) -> None:
    actor = acting(grant(["roles.manage"]), grant(["ledger.view"], groups=["TAX"]))
    with pytest.raises(NotYoursToGive, match="“See transactions”"):
        roles.add("New", "", ["ledger.view"], actor=actor, at=NOW)
    assert not Role.objects.filter(name="New").exists()
    made = roles.add("New", "", ["roles.manage"], actor=actor, at=NOW)
    with pytest.raises(RoleRefused, match="already a role"):
        roles.add(" new ", "", [], actor=actor, at=NOW)
    held = person(GrantDraft(made, TODAY))
    with pytest.raises(RoleRefused, match="1 person holds"):
        roles.retire(made, actor=actor, at=NOW)
    assert selectors.holders_of(made)[0].user == held


# --- requests that cannot be decided --------------------------------------------------------------
def test_a_request_that_is_not_there_or_whose_person_has_left(council: Council) -> None:
    second_person_for_roles()
    user, maker, checker = person(), acting(grant(None)), acting(grant(None))
    draft = GrantDraft(role(["ledger.view"]).pk, TODAY)
    request_id = grants.give(user.pk, draft, actor=maker, at=NOW).request_id
    assert request_id is not None
    with pytest.raises(GrantNotFound, match="no such request"):
        grants.decide(request_id + 1, approve=True, actor=checker, at=NOW)
    # As when they leave in the moment before the approval.
    User.objects.filter(pk=user.pk).update(state="left")
    with pytest.raises(PersonInOtherState, match="has left"):
        grants.decide(request_id, approve=True, actor=checker, at=NOW)
    assert not Grant.objects.filter(user=user).exists()
    grants.decide(request_id, approve=False, actor=checker, at=NOW, reason="Left")
    assert GrantRequest.objects.get(pk=request_id).state == "refused"


def test_the_system_is_bound_to_no_fund_and_an_unknown_permission_is_a_mistake(
    council: Council,
) -> None:
    assert SYSTEM.within("ledger.view", "fund") is None
    plain = Actor("Priya", permissions=frozenset({"ledger.view"}))
    assert plain.within("ledger.view", "fund") is None
    assert plain.within("receipts.take", "fund") == frozenset()
    for actor in (SYSTEM, plain):
        with pytest.raises(KeyError, match=r"no\.such"):
            actor.may("no.such")
