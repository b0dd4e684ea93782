"""The registry of permissions, and the actor every service is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ims_kernel.errors import NotAllowed

_registered: dict[str, str] = {}


def register(permissions: Mapping[str, str]) -> None:
    """Add permissions, each with a plain description. Called from an app's apps.py."""
    _registered.update(permissions)


def registered() -> Mapping[str, str]:
    """Every permission with its description."""
    return dict(_registered)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with permissions, or the system itself.

    `on_behalf_of` is the person it is done for when somebody else does it: the worker that posts a
    file, or support staff. It is written into the audit trail and gives no permission.
    """

    name: str
    user_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_system: bool = False
    on_behalf_of: Actor | None = None

    def may(self, permission: str) -> bool:
        """Whether this actor holds the permission. Raises KeyError for one never registered."""
        description = _registered[permission]
        return self.is_system or (permission in self.permissions and bool(description))

    def require(self, permission: str) -> None:
        """Raise NotAllowed unless the actor holds the permission."""
        if not self.may(permission):
            raise NotAllowed(
                f"You need the permission “{_registered[permission]}” to do this.",
                permission=permission,
            )


def system(name: str, *, on_behalf_of: Actor | None = None) -> Actor:
    """The service acting by itself or for its command line, such as `worker` or `ims import`."""
    return Actor(name=name, is_system=True, on_behalf_of=on_behalf_of)
