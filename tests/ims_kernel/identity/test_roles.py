"""Roles as a council changes them: what is refused, and what changes nothing."""

from __future__ import annotations

import pytest

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity import roles
from ims_kernel.identity.errors import RoleNotFound, RoleRefused
from ims_kernel.identity.models import Role
from ims_kernel.identity.selectors import actor_for
from ims_kernel.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.people import SYSTEM, person, role

NOW = clock.now()


def acts(role_id: int) -> list[str]:
    found = AuditEvent.objects.filter(object_kind="role", object_id=str(role_id)).order_by("id")
    return list(found.values_list("act", flat=True))


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ((" ", "", []), "name", "Enter a name for the role, with 60 characters at most."),
        (("x" * 61, "", []), "name", "Enter a name for the role, with 60 characters at most."),
        (("Clerk", "x" * 201, []), "description", "The description may have 200 characters."),
        (("Clerk", "", ["no.such"]), "permissions", "Choose permissions from the list."),
    ],
)
def test_a_role_that_makes_no_sense_is_neither_added_nor_changed(
    council: Council, given: tuple[str, str, list[str]], field: str, words: str
) -> None:
    name, description, permissions = given
    made = role(["ledger.view"], name="Before")
    count = Role.objects.count()
    with pytest.raises(RoleRefused) as added:
        roles.add(name, description, permissions, actor=SYSTEM, at=NOW)
    with pytest.raises(RoleRefused) as changed:
        roles.change(
            made.pk, name=name, description=description, permissions=permissions,
            actor=SYSTEM, at=NOW,
        )  # fmt: skip
    for refused in (added.value, changed.value):
        assert (refused.message, refused.facts["field"]) == (words, field)
    assert Role.objects.count() == count
    made.refresh_from_db()
    assert (made.name, made.permissions) == ("Before", ["ledger.view"])
    assert acts(made.pk) == []


def test_a_name_and_description_at_their_longest_are_taken(council: Council) -> None:
    made = roles.add("x" * 60, "y" * 200, [], actor=SYSTEM, at=NOW)
    found = Role.objects.get(pk=made)
    assert (len(found.name), len(found.description)) == (60, 200)


def test_a_role_saved_as_it_was_writes_nothing(council: Council) -> None:
    made = roles.add("Clerk", "Looks", ["ledger.view"], actor=SYSTEM, at=NOW)
    same = {"description": " Looks ", "permissions": ["ledger.view", "ledger.view"]}
    assert not roles.change(made, name="Clerk", **same, actor=SYSTEM, at=NOW)  # type: ignore[arg-type]
    assert acts(made) == ["identity.add_role"]
    assert roles.change(made, name="Head clerk", **same, actor=SYSTEM, at=NOW)  # type: ignore[arg-type]
    event = AuditEvent.objects.latest("id")
    assert (event.before, event.after) == ({"name": "Clerk"}, {"name": "Head clerk"})


def test_a_role_is_retired_and_restored_once(northmoor: Council, eastshire: Council) -> None:
    with enter(eastshire):
        theirs = roles.add("Clerk", "", ["ledger.view"], actor=SYSTEM, at=NOW)
    with enter(northmoor):
        made = roles.add("Clerk", "", ["ledger.view"], actor=SYSTEM, at=NOW)
        for step in (roles.retire, roles.retire, roles.restore, roles.restore):
            step(made, actor=SYSTEM, at=NOW)
            assert Role.objects.get(pk=made).is_active == (step is roles.restore)
        # The second time there was nothing to do, so nothing is told.
        assert acts(made) == [
            *("identity.add_role", "identity.retire_role", "identity.restore_role"),
        ]
    with enter(eastshire):
        assert Role.objects.get(pk=theirs).is_active
        assert acts(theirs) == ["identity.add_role"]


def test_a_role_that_is_not_there_or_not_yours_to_manage(council: Council) -> None:
    nobody: Actor = actor_for(person())
    made = roles.add("Clerk", "", [], actor=SYSTEM, at=NOW)
    for step in (roles.retire, roles.restore):
        with pytest.raises(RoleNotFound):
            step(10**9, actor=SYSTEM, at=NOW)
        with pytest.raises(NotAllowed):
            step(made, actor=nobody, at=NOW)
    assert acts(made) == ["identity.add_role"]
