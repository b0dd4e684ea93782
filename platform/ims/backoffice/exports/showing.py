"""Words and colours of ledger files on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ims.exports.states import LABELS, TRANSITIONS, Event, State

if TYPE_CHECKING:
    from ims.exports.models import ExportRun
    from ims_kernel.audit.models import AuditEvent

_COLOURS: Mapping[State, str] = {
    State.BUILDING: "blue",
    State.FAILED: "red",
    State.READY: "yellow",
    State.SENT: "blue",
    State.ACCEPTED: "green",
    State.REJECTED: "red",
}
# State value -> (word, colour of its tag).
TAGS: Mapping[str, tuple[str, str]] = {
    state.value: (LABELS[state], colour) for state, colour in _COLOURS.items()
}
_ACTS: Mapping[str, str] = {
    "exports.run": "Made",
    "exports.fail": "Could not be made",
    "exports.send": "Marked as sent",
    "exports.accept": "Accepted by the finance system",
    "exports.reject": "Rejected",
    "exports.download": "Downloaded",
}


def steps(run: ExportRun) -> dict[str, bool]:
    """What can be done to a run now: `send`, `accept` and `reject`."""
    state = State(run.state)
    return {
        str(event): (state, event) in TRANSITIONS
        for event in (Event.SEND, Event.ACCEPT, Event.REJECT)
    }


def history(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """What was done to a run, in words."""
    return [
        {
            "title": _ACTS.get(event.act, event.act),
            "at": event.at,
            "by": event.actor_name,
            "text": event.reason,
        }
        for event in events
    ]
