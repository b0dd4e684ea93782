"""The states of an import as data."""

from __future__ import annotations

from types import MappingProxyType

from ims.imports.errors import ImportStepRefused

RECEIVED, READY, REJECTED, POSTING, POSTED = "received", "ready", "rejected", "posting", "posted"
STATES = (RECEIVED, READY, REJECTED, POSTING, POSTED)
FIRST = RECEIVED
FINAL = frozenset({REJECTED, POSTED})
# In these a file may be read, or read again by newer rules.
READABLE = frozenset({RECEIVED, READY})

# What becomes of a row.
POST, PARK, REJECT = "post", "park", "reject"
OUTCOMES = (POST, PARK, REJECT)

# (state, step) -> next state.
STEPS = MappingProxyType(
    {
        (RECEIVED, "read"): READY,
        (RECEIVED, "refuse"): REJECTED,
        (READY, "read"): READY,
        (READY, "again"): RECEIVED,
        (READY, "refuse"): REJECTED,
        (READY, "discard"): REJECTED,
        (READY, "post"): POSTING,
        (POSTING, "finish"): POSTED,
    }
)

WORDS = MappingProxyType(
    {
        RECEIVED: "being read",
        READY: "ready to post",
        REJECTED: "rejected",
        POSTING: "being posted",
        POSTED: "posted",
    }
)


def after(state: str, step: str) -> str:
    """The state that follows. Raises ImportStepRefused when the state does not allow the step."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        raise ImportStepRefused(
            f"This import is {WORDS[state]}, so it cannot be {_DONE[step]}.", state=state, step=step
        ) from None


_DONE = MappingProxyType(
    {
        "read": "read again",
        "again": "read again",
        "refuse": "rejected",
        "discard": "discarded",
        "post": "posted again",
        "finish": "finished",
    }
)
