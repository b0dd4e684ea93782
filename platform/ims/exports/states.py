"""The life of a run, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ims.exports.errors import RunInOtherState


class State(StrEnum):
    BUILDING = "building"
    FAILED = "failed"
    READY = "ready"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Event(StrEnum):
    FAIL = "fail"
    FINISH = "finish"
    SEND = "send"
    ACCEPT = "accept"
    REJECT = "reject"


FIRST = State.BUILDING

# A file can be withdrawn before it is sent, which is why READY knows REJECT.
TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        (State.BUILDING, Event.FINISH): State.READY,
        (State.BUILDING, Event.FAIL): State.FAILED,
        (State.READY, Event.SEND): State.SENT,
        (State.READY, Event.REJECT): State.REJECTED,
        (State.SENT, Event.ACCEPT): State.ACCEPTED,
        (State.SENT, Event.REJECT): State.REJECTED,
    }
)
TERMINAL = frozenset({State.FAILED, State.ACCEPTED, State.REJECTED})
# Lines of a run in one of these have not left: the next run takes them.
RELEASED = frozenset({State.FAILED, State.REJECTED})

LABELS: Mapping[State, str] = MappingProxyType(
    {
        State.BUILDING: "Being made",
        State.FAILED: "Not made",
        State.READY: "Ready to send",
        State.SENT: "Sent",
        State.ACCEPTED: "Accepted",
        State.REJECTED: "Rejected",
    }
)
_DONE: Mapping[Event, str] = MappingProxyType(
    {
        Event.FINISH: "finished",
        Event.FAIL: "marked as failed",
        Event.SEND: "marked as sent",
        Event.ACCEPT: "marked as accepted",
        Event.REJECT: "rejected",
    }
)


def after(state: State, event: Event) -> State:
    """The state that follows. Raises RunInOtherState when the event is not possible."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise RunInOtherState(
            f"This run is “{LABELS[state].lower()}”, so it cannot be {_DONE[event]}. "
            "Open the run to see what has happened to it.",
            state=state.value,
            event=event.value,
        )
    return following
