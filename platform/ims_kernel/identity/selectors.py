"""Questions about people."""

from __future__ import annotations

from ims_kernel.identity.models import User
from ims_kernel.identity.permissions import Actor


def actor_for(user: User) -> Actor:
    """The person as an actor, with the permissions of all their roles. One query."""
    permissions: set[str] = set()
    for granted in user.roles.values_list("permissions", flat=True):
        permissions.update(granted)
    return Actor(name=user.name, user_id=user.pk, permissions=frozenset(permissions))


def list_users() -> list[User]:
    """Everyone who can sign in to this council, by name."""
    return list(User.objects.filter(is_active=True).order_by("name").prefetch_related("roles"))


def find_user(email: str) -> User | None:
    """The person with this address, or None."""
    return User.objects.filter(email=email.strip().lower()).first()
