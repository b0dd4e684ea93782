"""Who keeps books beside the ledger and must follow when an entry is reversed.

Suspense says how much of each item remains. The ledger stands below it and cannot call it, so
suspense registers what it does, and no way of reversing can leave it out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from ims_kernel.identity.permissions import Actor


class Reversal(NamedTuple):
    """An entry and the entry just posted that reverses it."""

    entry_id: int
    reversal_id: int
    actor: Actor
    at: datetime


Follower = Callable[[Reversal], None]
_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """Add a follower. It runs in the reversal's transaction; what it raises undoes the reversal.

    Called from an app's apps.py.
    """
    _followers[name] = follower


def follow(reversal: Reversal) -> None:
    """Tell every follower."""
    for follower in _followers.values():
        follower(reversal)
