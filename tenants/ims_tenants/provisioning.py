"""What a new council starts with: each app registers one step that writes its starter data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ims_tenants.errors import StarterUnreadable

Step = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class _Registered:
    order: int
    name: str
    run: Step


_steps: dict[str, _Registered] = {}


def register(name: str, step: Step, *, order: int) -> None:
    """Add a step. It is called inside the new council with its starter pack (may be empty).

    Steps run by ascending order and must be idempotent. Called from an app's apps.py.
    """
    _steps[name] = _Registered(order, name, step)


def run_all(starter: dict[str, Any]) -> None:
    """Run every step in the council at hand."""
    for registered in sorted(_steps.values(), key=lambda r: (r.order, r.name)):
        registered.run(starter)


def load_starter(path: Path) -> dict[str, Any]:
    """A starter pack from a TOML file: one table for each app's section.

    Raises StarterUnreadable with the line and column.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StarterUnreadable(
            f"The starter pack {path.name} cannot be read: {error}. Correct it and try again."
        ) from None
