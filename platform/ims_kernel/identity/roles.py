"""What the roles of a council may do, changed by its own people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import second_person, selectors
from ims_kernel.identity.errors import NotYoursToGive, RoleRefused
from ims_kernel.identity.grants import hold_people, keeping_a_manager
from ims_kernel.identity.models import Grant, Role
from ims_kernel.identity.subset import lacking
from ims_kernel.permissions import Actor, Holding, registered

_MANAGE = "roles.manage"
_RETIRE, _RESTORE = "identity.retire_role", "identity.restore_role"
_LONGEST_NAME, _LONGEST_DESCRIPTION = 60, 200


def add(
    name: str, description: str, permissions: Collection[str], *, actor: Actor, at: datetime
) -> int:
    """Add a role and return its id. Raises RoleRefused or NotYoursToGive."""
    actor.require(_MANAGE)
    values = _values(name, description, permissions)
    with transaction.atomic():
        hold_people()
        _refuse_taken(values["name"], None)
        _refuse_more_than_own(actor, permissions)
        role = Role.objects.create(**values)
        record(actor, "identity.add_role", Subject("role", role.pk), at=at, after=values)
    return int(role.pk)


def change(
    role_id: int,
    *,
    name: str,
    description: str,
    permissions: Collection[str],
    actor: Actor,
    at: datetime,
) -> bool:
    """Change a role for all who hold it; returns whether anything changed.

    A permission may be added only by somebody who holds it everywhere and without limit. Raises
    RoleNotFound, RoleRefused, NotYoursToGive or LastManager.
    """
    actor.require(_MANAGE)
    after = _values(name, description, permissions)
    with transaction.atomic():
        hold_people()
        role = selectors.get_role(role_id)
        before = {
            "name": role.name,
            "description": role.description,
            "permissions": sorted(role.permissions),
        }
        if before == after:
            return False
        _refuse_taken(after["name"], role_id)
        added = set(after["permissions"]) - set(before["permissions"])
        _refuse_more_than_own(actor, added)
        if added:
            _refuse_past_the_second_person(role)
        with keeping_a_manager(at):
            for field, value in after.items():
                setattr(role, field, value)
            role.save()
        changed = {field for field in after if before[field] != after[field]}
        record(
            actor,
            "identity.change_role",
            Subject("role", role_id),
            at=at,
            before={field: before[field] for field in sorted(changed)},
            after={field: after[field] for field in sorted(changed)},
        )
    return True


def retire(role_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a role nobody holds out of use. Raises RoleNotFound or RoleRefused."""
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        role = selectors.get_role(role_id)
        holders = Grant.objects.filter(role=role, ended_at=None).values("user_id").distinct()
        if number := holders.count():
            people = "1 person holds" if number == 1 else f"{number} people hold"
            raise RoleRefused(f"{people} “{role.name}”. Take it away from them first.")
        _set_in_use(role, actor, at, is_active=False)


def restore(role_id: int, *, actor: Actor, at: datetime) -> None:
    """Bring a role back into use. Raises RoleNotFound."""
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        _set_in_use(selectors.get_role(role_id), actor, at, is_active=True)


def _set_in_use(role: Role, actor: Actor, at: datetime, *, is_active: bool) -> None:
    if role.is_active == is_active:
        return
    role.is_active = is_active
    role.save(update_fields=["is_active"])
    record(actor, _RESTORE if is_active else _RETIRE, Subject("role", role.pk), at=at)


def _values(name: str, description: str, permissions: Collection[str]) -> dict[str, Any]:
    plain, words = " ".join(name.split()), " ".join(description.split())
    if not 0 < len(plain) <= _LONGEST_NAME:
        raise RoleRefused(
            f"Enter a name for the role, with {_LONGEST_NAME} characters at most.", field="name"
        )
    if len(words) > _LONGEST_DESCRIPTION:
        raise RoleRefused(
            f"The description may have {_LONGEST_DESCRIPTION} characters.", field="description"
        )
    unknown = set(permissions) - set(registered())
    if unknown:
        raise RoleRefused("Choose permissions from the list.", field="permissions")
    return {"name": plain, "description": words, "permissions": sorted(set(permissions))}


def _refuse_taken(name: str, role_id: int | None) -> None:
    if Role.objects.filter(name__iexact=name).exclude(pk=role_id or 0).exists():
        raise RoleRefused(f"There is already a role “{name}”. Choose another name.", field="name")


def _refuse_more_than_own(actor: Actor, permissions: Collection[str]) -> None:
    missing = lacking(actor, Holding(frozenset(permissions)))
    if missing:
        words = registered()
        raise NotYoursToGive(
            "You cannot put into a role what you do not hold yourself, everywhere and without "
            f"limit: {', '.join(f'“{words[name]}”' for name in missing[:5])}.",
            field="permissions",
        )


def _refuse_past_the_second_person(role: Role) -> None:
    """Adding to a role that is held gives it to its holders, which may need a second person."""
    held = Grant.objects.filter(role=role, ended_at=None).exists()
    if held and second_person.needed(second_person.GRANT):
        raise RoleRefused(
            f"“{role.name}” is held, and giving roles needs a second person here. Add a new role "
            "and give that: its approval is then the second person’s.",
            field="permissions",
        )
