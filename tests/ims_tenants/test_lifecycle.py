"""A council's life: which step may follow which, and which schema names the database takes."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction

from ims_kernel import clock
from ims_tenants import lifecycle, schema_names
from ims_tenants.errors import LifecycleStepRefused
from ims_tenants.models import Council
from tests.councils import move

STEPS = ("begin", "go_live", "suspend", "resume", "close")


@pytest.mark.parametrize("state", lifecycle.STATES)
@pytest.mark.parametrize("step", STEPS)
def test_every_state_and_step_is_decided(state: str, step: str) -> None:
    following = lifecycle.STEPS.get((state, step))
    if following is not None:
        assert lifecycle.after(state, step) == following
        return
    with pytest.raises(LifecycleStepRefused, match=f"is {state} cannot") as refused:
        lifecycle.after(state, step)
    assert "It can:" in refused.value.message


def test_nothing_follows_a_closed_council() -> None:
    assert {now for now, _ in lifecycle.STEPS}.isdisjoint(lifecycle.FINAL)


def test_every_state_can_be_reached_and_left_but_the_last() -> None:
    assert {lifecycle.FIRST, *lifecycle.STEPS.values()} == set(lifecycle.STATES)
    assert {now for now, _ in lifecycle.STEPS} == set(lifecycle.STATES) - lifecycle.FINAL


def test_a_council_lives_through_its_steps(northmoor: Council) -> None:
    council = northmoor
    for step, state in (
        ("go_live", "live"), ("suspend", "suspended"), ("resume", "live"), ("suspend", "suspended"),
        ("close", "closed"),
    ):  # fmt: skip
        council = move(council, step)
        assert Council.objects.get(pk=council.pk).state == state
    with pytest.raises(LifecycleStepRefused, match="nothing"):
        move(council, "resume")


def test_a_stale_copy_cannot_take_a_step_twice(northmoor: Council) -> None:
    move(northmoor, "suspend")
    with pytest.raises(LifecycleStepRefused):
        move(northmoor, "suspend")


# --- names of schemas -----------------------------------------------------------------------------
def test_new_names_keep_the_rule_and_differ() -> None:
    names = {schema_names.new_name() for _ in range(500)}
    assert len(names) == 500
    assert all(re.fullmatch(r"t_[a-z2-7]{10}", name) for name in names)


BAD_NAMES = [
    "", "public", "zz_template", "pg_x", "../tb", "%s", "t_", "t_abcdefghi", "t_abcdefghijk",
    "T_abcdefghij", "t_ABCDEFGHIJ", "t_abcdefghi1", "t_abcdefghi0", "x','tb", "t_abcdefghi ",
    "t_abcdefghij\n", 't_abcdefghi"', "t_abcdefgh\x1bi",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_other_name_is_a_council_s(name: str) -> None:
    assert not schema_names.is_council_schema(name)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_the_database_refuses_other_names_too(db: None, name: str) -> None:
    with pytest.raises(IntegrityError, match="council_schema_name"), transaction.atomic():
        Council.objects.create(name="Probe", schema_name=name, created_at=clock.now())


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("state", "open", "council_state_known"),
        ("accent_colour", "red", "council_colour"),
        ("accent_colour", "#FFFFFF", "council_colour"),
    ],
)
def test_the_database_knows_states_and_colours(
    northmoor: Council, field: str, value: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Council.objects.filter(pk=northmoor.pk).update(**{field: value})
