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

if TYPE_CHECKING:
    from ims_kernel.identity.models import Grant, User

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
    used = last_acts()
    names = all_choices()
    holders: dict[str, list[Holder]] = {}
    for held in all_held(on):
        times = [used.get((held.user.pk, act)) for act in acts_of(held.permission)]
        found = [each for each in times if each is not None]
        holders.setdefault(held.permission, []).append(
            Holder(
                held.user,
                held.grant,
                in_words(held.grant.scope, names),
                max(found) if found else None,
            )
        )
    return [
        Power(name, words, holders.get(name, []))
        for name, words in sorted(registered().items())
        if not name.startswith(_OF_THE_PLATFORM)
    ]
