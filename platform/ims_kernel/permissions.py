"""The registry of permissions, and the actor every service is given.

It stands below people and the audit: the audit names who acted, and people are audited.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ims_kernel.errors import NotAllowed
from ims_kernel.money import format_pounds

_registered: dict[str, str] = {}
_scoped_by: dict[str, frozenset[str]] = {}
_acts: dict[str, tuple[str, ...]] = {}


class OutOfScope(NotAllowed):
    """The person holds the permission, but not for this fund or office."""

    code = "ims.out_of_scope"


class OverLimit(NotAllowed):
    """The person holds the permission, but only up to a lower amount."""

    code = "ims.over_limit"


def register(
    permissions: Mapping[str, str],
    *,
    scoped_by: Collection[str] = (),
    acts: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Add permissions, each with a plain description. Called from an app's apps.py.

    `scoped_by` names the facts (such as `fund`) these permissions are narrowed by: their services
    say the fact of each act, and their pages show only what is inside. A permission without them
    works on the whole council, so a grant limited to some funds does not give it. `acts` names the
    audit acts that use a permission, where they are not named like it.
    """
    _registered.update(permissions)
    for name in permissions:
        _scoped_by[name] = frozenset(scoped_by)
    for name, used in (acts or {}).items():
        _acts[name] = tuple(used)


def registered() -> Mapping[str, str]:
    """Every permission with its description."""
    return dict(_registered)


def facts_of(permission: str) -> frozenset[str]:
    """The facts a permission is narrowed by: none when it works on the whole council."""
    return _scoped_by.get(permission, frozenset())


def acts_of(permission: str) -> tuple[str, ...]:
    """The audit acts that use a permission."""
    return _acts.get(permission, (permission,))


def given(permissions: Collection[str], facts: Collection[str]) -> frozenset[str]:
    """Which of a role's permissions a grant limited by these facts gives."""
    return frozenset(name for name in permissions if set(facts) <= facts_of(name))


@dataclass(frozen=True, slots=True)
class Holding:
    """What one grant gives: permissions, where they hold, and up to how many pence.

    `facts` are what a service says of an act, such as {"fund": {"CT", "HR"}}; `scope` is the same
    as it was granted, such as {"fund_group": {"TAX"}}. A fact or dimension that is missing is not
    limited.
    """

    permissions: frozenset[str]
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    limit_pence: int | None = None
    scope: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, about: Mapping[str, object]) -> bool:
        """Whether the scope covers these facts. A fact that is not given is not looked at."""
        return all(name not in about or about[name] in held for name, held in self.facts.items())

    def reaches(self, pence: int | None) -> bool:
        """Whether the limit covers an amount, whatever its sign."""
        return pence is None or self.limit_pence is None or abs(pence) <= self.limit_pence


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with permissions, or the system itself.

    `on_behalf_of` is the person it is done for when somebody else does it: the worker that posts a
    file, or support staff. It is written into the audit trail and gives no permission.

    With `holdings`, these say where and up to how much the permissions hold; without, the
    permissions hold everywhere and without limit.
    """

    name: str
    user_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_system: bool = False
    on_behalf_of: Actor | None = None
    holdings: tuple[Holding, ...] = ()

    def may(self, permission: str, *, amount_pence: int | None = None, **about: str) -> bool:
        """Whether this actor holds the permission, for these facts and this amount in pence.

        `may("suspense.allocate", fund="CT", amount_pence=12_00)`; without facts, whether it holds
        at all. Raises KeyError for a permission never registered.
        """
        if permission not in _registered:
            raise KeyError(permission)
        if self.is_system:
            return True
        if not self.holdings:
            return permission in self.permissions
        return any(
            holding.covers(about) and holding.reaches(amount_pence)
            for holding in self._giving(permission)
        )

    def require(self, permission: str, *, amount_pence: int | None = None, **about: str) -> None:
        """Raise NotAllowed, OutOfScope or OverLimit unless the actor may."""
        if self.may(permission, amount_pence=amount_pence, **about):
            return
        words = _registered[permission]
        if not self.may(permission):
            raise NotAllowed(
                f"You need the permission “{words}” to do this.", permission=permission
            )
        if not self.may(permission, amount_pence=None, **about):
            where = " and ".join(f"{name} {value}" for name, value in about.items())
            raise OutOfScope(
                f"Your permission “{words}” does not cover {where}.", permission=permission
            )
        limit = max(
            holding.limit_pence or 0
            for holding in self._giving(permission)
            if holding.covers(about)
        )
        raise OverLimit(
            f"You may do this up to {format_pounds(limit)}, and this is "
            f"{format_pounds(abs(amount_pence or 0))}. Ask somebody with a higher limit.",
            permission=permission,
        )

    def is_free(self, permission: str) -> bool:
        """Whether the permission holds everywhere and without limit: no act needs a look."""
        if self.is_system or not self.holdings:
            return self.may(permission)
        return any(
            not holding.facts and holding.limit_pence is None
            for holding in self._giving(permission)
        )

    def within(self, permission: str, fact: str) -> frozenset[str] | None:
        """The values of a fact (such as fund codes) the permission covers; None is all of them."""
        if self.is_system or not self.holdings:
            return None if self.may(permission) else frozenset()
        found: set[str] = set()
        for holding in self._giving(permission):
            if fact not in holding.facts:
                return None
            found |= holding.facts[fact]
        return frozenset(found)

    def _giving(self, permission: str) -> list[Holding]:
        return [holding for holding in self.holdings if permission in holding.permissions]


def system(name: str, *, on_behalf_of: Actor | None = None) -> Actor:
    """The service acting by itself or for its command line, such as `worker` or `ims import`."""
    return Actor(name=name, is_system=True, on_behalf_of=on_behalf_of)
