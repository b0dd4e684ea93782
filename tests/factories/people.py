"""People with grants for tests, and a dimension of scope that no council's data decides."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ims_kernel import clock
from ims_kernel.identity import scopes
from ims_kernel.identity.grants import GrantDraft, give
from ims_kernel.identity.models import Role, User
from ims_kernel.identity.scopes import Dimension
from ims_kernel.identity.selectors import actor_for
from ims_kernel.identity.services import create_user
from ims_kernel.permissions import Actor, registered, system

SYSTEM = system("Test")
# Groups of funds of both councils in tests/samples/starters.
GROUPS: Mapping[str, frozenset[str]] = {
    "TAX": frozenset({"CT"}),
    "RENT": frozenset({"HR"}),
    "BOTH": frozenset({"CT", "HR"}),
    "NONE": frozenset(),
}


def role(permissions: Sequence[str] | None = None, name: str = "") -> Role:
    """A role of exactly these permissions, by default all a council has."""
    council = [each for each in registered() if not each.startswith("councils.")]
    return Role.objects.create(
        name=name or f"Role {secrets.token_hex(4)}",
        permissions=sorted(council if permissions is None else permissions),
    )


def person(*drafts: GrantDraft, name: str = "") -> User:
    """Somebody who signs in and holds these grants."""
    mark = secrets.token_hex(4)
    user = create_user(
        email=f"{mark}@example.org", name=name or f"Person {mark}", password=None, roles=[]
    )
    for draft in drafts:
        give(user.pk, draft, actor=SYSTEM, at=clock.now())
    return user


def grant(
    permissions: Sequence[str] | None = None,
    *,
    groups: Sequence[str] = (),
    limit_pence: int | None = None,
) -> GrantDraft:
    """A grant of a new role, in these groups of funds (see `fund_groups`) or everywhere."""
    scope = {"group": list(groups)} if groups else {}
    return GrantDraft(role(permissions).pk, clock.today(), scope=scope, limit_pence=limit_pence)


def acting(*drafts: GrantDraft) -> Actor:
    """A new person with these grants, as an actor."""
    return actor_for(person(*drafts))


@contextmanager
def fund_groups() -> Iterator[None]:
    """The dimension `group`, whose codes are those of GROUPS, for as long as the block lasts."""
    scopes.register(
        Dimension(
            name="group",
            label="Groups",
            everywhere="All funds",
            fact="fund",
            choices=lambda: [(code, f"Group {code}") for code in GROUPS],
            expand=lambda codes: {code: GROUPS[code] for code in codes if code in GROUPS},
        )
    )
    try:
        yield
    finally:
        scopes._dimensions.pop("group")
