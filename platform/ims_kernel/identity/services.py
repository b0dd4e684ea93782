"""Making people and giving them roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from ims_kernel import clock
from ims_kernel.identity.errors import EmailTaken, RoleNotFound
from ims_kernel.identity.grants import GrantDraft, give
from ims_kernel.identity.models import Role, User
from ims_kernel.permissions import registered, system


@dataclass(frozen=True, slots=True)
class RolePreset:
    """A role a council starts with."""

    name: str
    description: str
    permissions: Sequence[str]


def ensure_roles(presets: Sequence[RolePreset]) -> None:
    """Make the preset roles that are missing. Raises KeyError for an unknown permission."""
    known: Mapping[str, str] = registered()
    for preset in presets:
        for permission in preset.permissions:
            known[permission]
        Role.objects.get_or_create(
            name=preset.name,
            defaults={
                "description": preset.description,
                "permissions": sorted(preset.permissions),
            },
        )


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, roles: Sequence[str]) -> User:
    """Make a person with named roles. Without a password nobody can sign in yet.

    Raises EmailTaken, or RoleNotFound for a role this council does not have.
    """
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise EmailTaken(f"Somebody already signs in as {address}.")
    at = clock.now()
    user = User.objects.create(
        email=address, name=name, password=make_password(password), joined_at=at
    )
    by_system = system("ims user create")
    for role in roles:
        draft = GrantDraft(role_named(role).pk, starts_on=clock.day_of(at))
        give(user.pk, draft, actor=by_system, at=at)
    return user


def role_named(name: str) -> Role:
    """The role of this name. Raises RoleNotFound, saying which there are."""
    found = Role.objects.filter(name=name).first()
    if found is None:
        there = ", ".join(Role.objects.order_by("name").values_list("name", flat=True)) or "none"
        raise RoleNotFound(f"There is no role “{name}”. There are: {there}.", role=name)
    return found
