"""What an API key may be used for: each scope stands for permissions. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Scope(NamedTuple):
    """A scope: what it lets a system do, in words, and the permissions it stands for."""

    words: str
    permissions: frozenset[str]


SCOPES: Mapping[str, Scope] = MappingProxyType(
    {
        "settings.read": Scope(
            "Read funds, VAT codes and methods of payment", frozenset({"settings.view"})
        ),
        "accounts.read": Scope(
            "Look accounts up, with name, address and balance", frozenset({"accounts.view"})
        ),
        "references.check": Scope("Check account references", frozenset({"api.check_references"})),
        "accounts.load": Scope("Load accounts", frozenset({"accounts.view", "accounts.load"})),
    }
)


def permissions_of(scopes: Iterable[str]) -> frozenset[str]:
    """Every permission the scopes stand for. A scope that is no longer there stands for none."""
    found = (SCOPES[scope].permissions for scope in scopes if scope in SCOPES)
    return frozenset().union(*found)
