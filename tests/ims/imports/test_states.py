"""The states of imports and of councils, as tables: nothing unreachable, no dead end."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ims.imports import states
from ims.imports.errors import ImportStepRefused
from ims.imports.models import ImportFile
from ims_tenants import lifecycle
from ims_tenants.errors import LifecycleStepRefused
from ims_tenants.models import Council

Table = tuple[tuple[str, ...], str, frozenset[str], Mapping[tuple[str, str], str]]
IMPORTS: Table = (states.STATES, states.FIRST, states.FINAL, states.STEPS)
COUNCILS: Table = (lifecycle.STATES, lifecycle.FIRST, lifecycle.FINAL, lifecycle.STEPS)
both = pytest.mark.parametrize("table", [IMPORTS, COUNCILS], ids=["imports", "councils"])


def reachable(start: str, steps: Mapping[tuple[str, str], str]) -> set[str]:
    found, new = {start}, {start}
    while new:
        new = {after for (state, _), after in steps.items() if state in new} - found
        found |= new
    return found


@both
def test_every_state_can_be_reached(table: Table) -> None:
    every, first, _, steps = table
    assert reachable(first, steps) == set(every)


@both
def test_every_state_but_the_final_ones_leads_to_a_final_one(table: Table) -> None:
    every, _, final, steps = table
    for state in every:
        assert bool(reachable(state, steps) & final), state
    assert {state for (state, _) in steps} == set(every) - final


@both
def test_steps_stay_within_the_states(table: Table) -> None:
    every, first, final, steps = table
    assert {state for (state, _) in steps} | set(steps.values()) | {first} | final == set(every)


def test_every_pair_of_state_and_step_is_allowed_or_refused_in_words() -> None:
    steps = {step for (_, step) in states.STEPS}
    for state in states.STATES:
        for step in steps:
            if (state, step) in states.STEPS:
                assert states.after(state, step) == states.STEPS[(state, step)]
                continue
            with pytest.raises(ImportStepRefused) as refused:
                states.after(state, step)
            assert refused.value.message.startswith(
                f"This import is {states.WORDS[state]}, so it cannot be "
            )


def test_a_councils_refusal_says_what_it_can_do() -> None:
    with pytest.raises(LifecycleStepRefused) as refused:
        lifecycle.after("live", "close")
    assert refused.value.message == "A council that is live cannot close. It can: suspend."
    with pytest.raises(LifecycleStepRefused, match="It can: nothing"):
        lifecycle.after("closed", "resume")


def test_every_state_has_words_and_a_place_in_the_database() -> None:
    assert set(states.WORDS) == set(states.STATES)
    assert {choice for choice, _ in ImportFile._meta.get_field("state").choices or ()} == set(
        states.STATES
    )
    assert {choice for choice, _ in Council.State.choices} == set(lifecycle.STATES)


def test_money_is_posted_only_from_posting() -> None:
    assert [pair for pair, after in states.STEPS.items() if after == states.POSTED] == [
        (states.POSTING, "finish")
    ]
    assert [pair for pair in states.STEPS if pair[0] == states.POSTING] == [
        (states.POSTING, "finish")
    ]
    assert frozenset({"onboarding", "live"}) == lifecycle.OPEN
