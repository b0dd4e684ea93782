"""The newest block of each chain, written down where the chain itself is not.

A chain proves what is in it, and cannot show that its end was cut off. Tenancy keeps the anchors
outside the councils' schemas and says here how to reach them, when the process starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Head:
    """A block by its number and hash. Number 0 stands for a chain without a block."""

    number: int
    hash: bytes


class Store(Protocol):
    """Where anchors are kept, for the council at hand or for the public schema."""

    def find(self, chain: str) -> Head | None:
        """The anchor of a chain, or None when it has none yet."""

    def follow(self, chain: str, previous: Head, new: Head, *, at: datetime) -> None:
        """Move the anchor from one block to the next. It stays where it is when it is elsewhere:
        blocks before it were lost, and it is the only witness of that."""

    def restart(self, chain: str, head: Head, *, at: datetime) -> None:
        """Begin anew at a block, keeping the old anchor as it was."""


class _Chosen:
    """Holds the store, set once."""

    store: Store | None = None


def use(store: Store) -> None:
    """Set where anchors are kept. Called by ims_tenants at start."""
    _Chosen.store = store


def store() -> Store:
    """Where anchors are kept. Raises RuntimeError when tenancy has not said."""
    if _Chosen.store is None:
        raise RuntimeError("Tenancy has not said where the anchors of chains are kept.")
    return _Chosen.store
