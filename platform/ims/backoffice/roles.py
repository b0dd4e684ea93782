"""The roles a council starts with, and those it can add ready-made. Its own people change them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ims_kernel.identity.services import RolePreset, ensure_roles
from ims_kernel.permissions import registered

INCOME_OFFICER, FINANCE_MANAGER, AUDITOR = "Income officer", "Finance manager", "Auditor"
SYSTEMS_ADMINISTRATOR = "Systems administrator"

# Platform staff's own, which nobody at a council holds.
_OF_THE_PLATFORM = "councils."
# What an income officer leaves to others: putting the books themselves in order, people,
# and the systems that use the API.
_OF_THE_MANAGER = frozenset({"ledger.reverse", "ledger.close_period", "audit.view"})
_OF_PEOPLE = (
    "people.manage", "roles.manage", "signin.reset_factor", "apikeys.manage",
    "api.check_references",
)  # fmt: skip

# Roles of the older LocalGov IMS that still mean something, in our permissions; docs/reference/
# roles.md says which became which, and why the others are gone. A permission of an app that is not
# there is left out, and a role left with nothing is not offered.
_READY_MADE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Transaction enquiries", "Finds and reads transactions", ("ledger.view", "accounts.view")),
    (
        "Cashier",
        "Takes money and answers questions about it",
        ("receipts.take", "ledger.view", "accounts.view"),
    ),
    (
        "Bank and suspense officer",
        "Posts bank files and allocates suspense",
        (
            "imports.view", "imports.upload", "imports.post", "suspense.view",
            "suspense.allocate", "ledger.view", "accounts.view",
        ),
    ),
    ("Suspense reader", "Sees suspense and its reasons", ("suspense.view", "ledger.view")),
    ("Ledger file officer", "Makes and sends ledger files", ("exports.view", "exports.run")),
    (
        "Service desk",
        "Invites people, lets them back in and says when they leave",
        ("people.view", "people.manage", "signin.reset_factor", "settings.view"),
    ),
)  # fmt: skip


def presets(permissions: Mapping[str, str]) -> tuple[RolePreset, ...]:
    """The roles to start with, from every permission the apps registered."""
    council = _of_a_council(permissions)
    return (
        RolePreset(
            INCOME_OFFICER,
            "Imports, posts, allocates suspense and makes ledger files",
            [
                name
                for name in council
                if name not in _OF_THE_MANAGER and name not in _OF_PEOPLE and not _configures(name)
            ],
        ),
        RolePreset(FINANCE_MANAGER, "Everything, with reversals and closing a period", council),
        RolePreset(
            AUDITOR, "Sees everything, changes nothing", [n for n in council if n.endswith(".view")]
        ),
        RolePreset(
            SYSTEMS_ADMINISTRATOR,
            "Configures and manages people, and does not post money",
            [n for n in council if n.endswith(".view") or n in _OF_PEOPLE or _configures(n)],
        ),
    )


def ready_made(permissions: Mapping[str, str]) -> tuple[RolePreset, ...]:
    """Roles a council can add when it wants them."""
    council = set(_of_a_council(permissions))
    found = (
        RolePreset(name, words, [each for each in given if each in council])
        for name, words, given in _READY_MADE
    )
    return tuple(preset for preset in found if preset.permissions)


def not_there(names: Collection[str]) -> list[RolePreset]:
    """Every preset whose name is not among these, those to start with first."""
    known = registered()
    taken = {name.casefold() for name in names}
    every = (*presets(known), *ready_made(known))
    return [preset for preset in every if preset.name.casefold() not in taken]


def _of_a_council(permissions: Mapping[str, str]) -> list[str]:
    return [name for name in permissions if not name.startswith(_OF_THE_PLATFORM)]


def _configures(permission: str) -> bool:
    return permission.endswith(".configure") or permission == "settings.apply_file"


def provision(_starter: bytes) -> None:
    """Make the roles that are missing. Idempotent; a role the council changed is left alone."""
    ensure_roles(presets(registered()))
