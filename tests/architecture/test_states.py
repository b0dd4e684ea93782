"""Every table of states is whole: each state can be reached, and each but the last can be left."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest

from tests.architecture.source import sources

Steps = Mapping[tuple[Any, Any], Any]


def tables() -> dict[str, tuple[Any, frozenset[Any], Steps]]:
    """Each module with a table of states: where it starts, where it ends, and its steps."""
    found = {}
    for source in sources():
        name = source.module.rsplit(".", 1)[-1]
        if name in {"states", "lifecycle"}:
            module = import_module(source.module)
            steps = getattr(module, "STEPS", None) or module.TRANSITIONS
            final = getattr(module, "FINAL", None) or module.TERMINAL
            found[source.module] = (module.FIRST, final, steps)
    return found


def problems(first: Any, final: frozenset[Any], steps: Steps) -> list[str]:
    states = {first, *final, *(state for state, _ in steps), *steps.values()}
    reached, frontier = {first}, [first]
    while frontier:
        now = frontier.pop()
        after = {to for (state, _), to in steps.items() if state == now} - reached
        reached |= after
        frontier += after
    stuck = {state for state in states - final if not any(now == state for now, _ in steps)}
    return [
        *(f"{state} can never be reached" for state in sorted(states - reached)),
        *(f"{state} can never be left" for state in sorted(stuck)),
        *(f"{state} is final but has a way on" for state, _ in steps if state in final),
    ]


@pytest.mark.parametrize("module", tables())
def test_a_table_of_states_is_whole(module: str) -> None:
    assert problems(*tables()[module]) == []


def test_there_are_tables() -> None:
    assert {"ims.imports.states", "ims.exports.states", "ims_tenants.lifecycle"} <= set(tables())


def test_a_table_with_holes_is_caught() -> None:
    steps = {("new", "go"): "open", ("lost", "go"): "done", ("done", "undo"): "new"}
    found = problems("new", frozenset({"done"}), steps)
    assert found == [
        "done can never be reached",
        "lost can never be reached",
        "open can never be left",
        "done is final but has a way on",
    ]
