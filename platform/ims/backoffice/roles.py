"""The roles a council starts with. Its own people change them later."""

from __future__ import annotations

from collections.abc import Mapping

from ims_kernel.identity.permissions import registered
from ims_kernel.identity.services import RolePreset, ensure_roles

INCOME_OFFICER, FINANCE_MANAGER, AUDITOR = "Income officer", "Finance manager", "Auditor"

# Platform staff's own, which nobody at a council holds.
_OF_THE_PLATFORM = "councils."
# What an income officer leaves to the finance manager: putting the books themselves in order, and
# how the council is set up.
_OF_THE_MANAGER = frozenset({"ledger.reverse", "ledger.close_period"})
_SETTING_UP = ".configure"


def presets(permissions: Mapping[str, str]) -> tuple[RolePreset, ...]:
    """The roles, from every permission the apps registered: a later app's fall into place."""
    council = [name for name in permissions if not name.startswith(_OF_THE_PLATFORM)]
    return (
        RolePreset(
            INCOME_OFFICER,
            "Imports, posts, allocates suspense and makes ledger files",
            [n for n in council if n not in _OF_THE_MANAGER and not n.endswith(_SETTING_UP)],
        ),
        RolePreset(FINANCE_MANAGER, "Everything, with reversals and closing a period", council),
        RolePreset(
            AUDITOR, "Sees everything, changes nothing", [n for n in council if n.endswith(".view")]
        ),
    )


def provision(_starter: dict[str, object]) -> None:
    """Make the roles that are missing. Idempotent; a role the council changed is left alone."""
    ensure_roles(presets(registered()))
