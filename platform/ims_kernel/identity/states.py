"""The life of a person's account, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ims_kernel.identity.errors import PersonInOtherState


class State(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DORMANT = "dormant"
    LEFT = "left"


class Event(StrEnum):
    ACCEPT = "accept"
    SLEEP = "sleep"
    REACTIVATE = "reactivate"
    LEAVE = "leave"
    REJOIN = "rejoin"


FIRST = State.INVITED
# Whoever left may come back, so no state is the last.
TERMINAL: frozenset[State] = frozenset()

TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        (State.INVITED, Event.ACCEPT): State.ACTIVE,
        (State.INVITED, Event.LEAVE): State.LEFT,
        (State.ACTIVE, Event.SLEEP): State.DORMANT,
        (State.ACTIVE, Event.LEAVE): State.LEFT,
        (State.DORMANT, Event.REACTIVATE): State.ACTIVE,
        (State.DORMANT, Event.LEAVE): State.LEFT,
        (State.LEFT, Event.REJOIN): State.INVITED,
    }
)

LABELS: Mapping[State, str] = MappingProxyType(
    {
        State.INVITED: "Invited",
        State.ACTIVE: "Active",
        State.DORMANT: "Dormant",
        State.LEFT: "Left",
    }
)
_DONE: Mapping[Event, str] = MappingProxyType(
    {
        Event.ACCEPT: "accept an invitation",
        Event.SLEEP: "be made dormant",
        Event.REACTIVATE: "be reactivated",
        Event.LEAVE: "leave",
        Event.REJOIN: "be invited back",
    }
)


def after(state: str, event: Event) -> State:
    """The state that follows. Raises PersonInOtherState when the event is not possible."""
    following = TRANSITIONS.get((State(state), event))
    if following is None:
        raise PersonInOtherState(
            f"This person is “{LABELS[State(state)].lower()}”, so they cannot {_DONE[event]}. "
            "Somebody else may have changed this while you had the page open. Reload it.",
            state=state,
            event=event.value,
        )
    return following


def possible(state: str) -> frozenset[Event]:
    """The events a person in this state can have."""
    return frozenset(event for (now, event) in TRANSITIONS if now == state)
