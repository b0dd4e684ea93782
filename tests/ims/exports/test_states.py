from __future__ import annotations

import pytest

from ims.exports.errors import RunInOtherState
from ims.exports.states import FIRST, LABELS, RELEASED, TERMINAL, TRANSITIONS, Event, State, after


def test_every_state_can_be_reached() -> None:
    reached = {FIRST}
    while more := {to for (start, _), to in TRANSITIONS.items() if start in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_every_state_has_an_exit_unless_it_is_terminal() -> None:
    with_exit = {start for start, _ in TRANSITIONS}
    assert with_exit == set(State) - TERMINAL


def test_every_event_leads_somewhere_and_every_state_has_a_label() -> None:
    assert {event for _, event in TRANSITIONS} == set(Event)
    assert set(LABELS) == set(State)


def test_lines_are_released_only_by_states_that_are_over() -> None:
    assert RELEASED < TERMINAL
    assert State.ACCEPTED not in RELEASED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_an_event_is_taken_or_refused_by_the_table(state: State, event: Event) -> None:
    following = TRANSITIONS.get((state, event))
    if following is not None:
        assert after(state, event) is following
        return
    with pytest.raises(RunInOtherState) as caught:
        after(state, event)
    assert caught.value.facts == {"state": state.value, "event": event.value}


def test_a_refusal_says_where_the_run_is() -> None:
    with pytest.raises(RunInOtherState, match="“accepted”, so it cannot be rejected"):
        after(State.ACCEPTED, Event.REJECT)
