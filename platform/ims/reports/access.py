"""Who can do what, and who did: each permission, who holds it and how, and when they used it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ims_kernel.audit.selectors import last_acts
from ims_kernel.identity.scopes import all_choices, in_words
from ims_kernel.identity.selectors import all_held
from ims_kernel.permissions import acts_of, registered
from ims_kernel.records.kinds import all_kinds

if TYPE_CHECKING:
    from ims_kernel.identity.models import Grant, User

# How the acts of ims_kernel.records begin.
_SETTINGS = "settings."
# Permissions of the platform's own staff, which nobody at a council can hold.
_OF_THE_PLATFORM = "councils."


@dataclass(frozen=True, slots=True)
class Holder:
    """One way one person holds a permission. `used_at` is when they last did it, by any grant."""

    user: User
    grant: Grant
    scope: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Power:
    """A permission with its words, and everyone who holds it."""

    permission: str
    words: str
    holders: Sequence[Holder]


def powers(on: date) -> list[Power]:
    """Every permission of a council, held or not, in the order of their names.

    A fixed number of queries, however many people there are.
    """
    used = _last_used()
    names = all_choices()
    holders: dict[str, list[Holder]] = {}
    for held in all_held(on):
        holders.setdefault(held.permission, []).append(
            Holder(
                held.user,
                held.grant,
                in_words(held.grant.scope, names),
                used.get((held.user.pk, held.permission)),
            )
        )
    return [
        Power(name, words, holders.get(name, []))
        for name, words in sorted(registered().items())
        if not name.startswith(_OF_THE_PLATFORM)
    ]


def _last_used() -> dict[tuple[int, str], datetime]:
    """When each person last did what a permission is for, by (person's id, permission).

    A change of a setting counts for the permission that its kind asks for.
    """
    permissions: dict[str, list[str]] = {}
    for name in registered():
        for act in acts_of(name):
            permissions.setdefault(act, []).append(name)
    changing = {kind.slug: kind.change for kind in all_kinds()}
    found: dict[tuple[int, str], datetime] = {}
    for (person_id, act, kind), at in last_acts().items():
        named = permissions.get(act, [])
        if act.startswith(_SETTINGS) and kind in changing:
            named = [changing[kind]]
        for name in named:
            found[person_id, name] = max(at, found.get((person_id, name), at))
    return found
