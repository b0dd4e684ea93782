"""The life of a proposed change, as a table. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ims_kernel.records.errors import ChangeDecided


class Act(StrEnum):
    """What a change does to a record."""

    SAVE = "save"
    RETIRE = "retire"
    RESTORE = "restore"


class State(StrEnum):
    """Where a proposed change is."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


FIRST = State.WAITING
TERMINAL = frozenset({State.APPROVED, State.REFUSED})
TRANSITIONS: Mapping[tuple[State, str], State] = MappingProxyType(
    {
        (State.WAITING, "approve"): State.APPROVED,
        (State.WAITING, "refuse"): State.REFUSED,
    }
)


def after(state: str, event: str) -> State:
    """The state after a decision. Raises ChangeDecided when there is nothing left to decide."""
    found = TRANSITIONS.get((State(state), event))
    if found is None:
        raise ChangeDecided(f"This change was {state} already. Nothing was done.", state=state)
    return found
