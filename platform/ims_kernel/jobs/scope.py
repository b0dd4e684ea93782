"""How a job gets into its council. Tenancy says how when the process starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

Enter = Callable[[str], AbstractContextManager[None]]


class _Scope:
    """Holds the way in, set once."""

    enter: Enter | None = None


def use(enter: Enter) -> None:
    """Set how to enter a council by its identifier. Called by ims_tenants at start."""
    _Scope.enter = enter


def enter_by_id(council_id: str) -> AbstractContextManager[None]:
    """A context manager that works inside the council. Raises when the council is not open."""
    if _Scope.enter is None:
        raise RuntimeError("Tenancy has not said how to enter a council.")
    return _Scope.enter(council_id)
