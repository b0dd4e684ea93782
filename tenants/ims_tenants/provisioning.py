"""What a new council starts with: each app registers one step that writes its starter data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# A starter pack is a configuration file, or nothing.
Step = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class _Registered:
    order: int
    name: str
    run: Step


_steps: dict[str, _Registered] = {}


def register(name: str, step: Step, *, order: int) -> None:
    """Add a step. It is called inside the new council with its starter pack, which may be empty.

    Steps run by ascending order and must be idempotent. Called from an app's apps.py.
    """
    _steps[name] = _Registered(order, name, step)


def run_all(starter: bytes) -> None:
    """Run every step in the council at hand."""
    for registered in sorted(_steps.values(), key=lambda r: (r.order, r.name)):
        registered.run(starter)
