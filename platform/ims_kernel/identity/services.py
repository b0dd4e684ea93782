"""Making people, giving them roles, and signing them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from ims_kernel import clock
from ims_kernel.identity import people
from ims_kernel.identity.errors import EmailTaken, RoleNotFound, SignInLocked, SignInRefused
from ims_kernel.identity.grants import GrantDraft, give
from ims_kernel.identity.models import Role, User
from ims_kernel.permissions import registered, system

MAX_FAILURES = 8
LOCKED_FOR = timedelta(minutes=15)
_REFUSED = "The email address or password is not right. Check both and try again."


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


def sign_in(*, email: str, password: str, at: datetime) -> User:
    """The person these belong to. Raises SignInRefused, or SignInLocked after eight failures.

    An unknown address costs the same time as a wrong password and gives the same answer.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
        outcome = _try(user, password, at)
    if isinstance(outcome, Exception):
        raise outcome
    # Only after the right password: a stranger must not learn whose account sleeps.
    if people.sleeps(outcome, at=at):
        raise SignInRefused(_REFUSED)
    people.signed_in(outcome, at=at)
    return outcome


def _try(user: User | None, password: str, at: datetime) -> User | SignInRefused | SignInLocked:
    """Returned, not raised, so that the count of failures is kept."""
    if user is None:
        make_password(password)
        return SignInRefused(_REFUSED)
    if user.locked_until_at and user.locked_until_at > at:
        # The time of an answer must not tell a locked account from an unknown one.
        make_password(password)
        return SignInLocked(
            "This account is locked after too many wrong passwords. Try again in 15 minutes."
        )
    if not check_password(password, user.password) or not user.is_active:
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= MAX_FAILURES:
            user.locked_until_at = at + LOCKED_FOR
            user.failed_sign_ins = 0
        user.save(update_fields=["failed_sign_ins", "locked_until_at"])
        return SignInRefused(_REFUSED)
    if user.failed_sign_ins or user.locked_until_at:
        user.failed_sign_ins, user.locked_until_at = 0, None
        user.save(update_fields=["failed_sign_ins", "locked_until_at"])
    return user
