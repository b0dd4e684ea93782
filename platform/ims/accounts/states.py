"""The states of a load of accounts as data."""

from __future__ import annotations

from types import MappingProxyType

from ims.accounts.errors import LoadStepRefused

RECEIVED, READY, REFUSED, APPLYING, APPLIED = "received", "ready", "refused", "applying", "applied"
STATES = (RECEIVED, READY, REFUSED, APPLYING, APPLIED)
FIRST = RECEIVED
FINAL = frozenset({REFUSED, APPLIED})
# In these a file may be read, or read again against the accounts of now.
READABLE = frozenset({RECEIVED, READY})

# (state, step) -> next state.
STEPS = MappingProxyType(
    {
        (RECEIVED, "read"): READY,
        (RECEIVED, "refuse"): REFUSED,
        (RECEIVED, "discard"): REFUSED,
        (READY, "read"): READY,
        (READY, "again"): RECEIVED,
        (READY, "refuse"): REFUSED,
        (READY, "discard"): REFUSED,
        (READY, "apply"): APPLYING,
        # Somebody changed accounts of the fund first: the preview no longer holds.
        (APPLYING, "overtake"): READY,
        (APPLYING, "finish"): APPLIED,
    }
)

WORDS = MappingProxyType(
    {
        RECEIVED: "being read",
        READY: "ready to apply",
        REFUSED: "not used",
        APPLYING: "being applied",
        APPLIED: "applied",
    }
)
_DONE = MappingProxyType(
    {
        "read": "read again",
        "again": "read again",
        "refuse": "refused",
        "discard": "discarded",
        "apply": "applied again",
        "overtake": "put back",
        "finish": "finished",
    }
)


def after(state: str, step: str) -> str:
    """The state that follows. Raises LoadStepRefused when the state does not allow the step."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        raise LoadStepRefused(
            f"This file is {WORDS[state]}, so it cannot be {_DONE[step]}.", state=state, step=step
        ) from None
