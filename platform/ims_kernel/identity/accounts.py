"""Finding and changing the account somebody signs in with, for ims_kernel.signin."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from ims_kernel.identity.models import User

_BIGINT = 2**63


def signed_in(request: HttpRequest) -> User | None:
    """Whose session this is, or None."""
    return request.user if isinstance(request.user, User) else None


def open_account(number: int) -> User | None:
    """The account with this number, unless it is closed or there is none."""
    if not 0 < number < _BIGINT:
        return None
    return User.objects.filter(pk=number, is_active=True).first()


def open_account_of(email: str) -> User | None:
    """The account with this address, unless it is closed or there is none."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def lock(user: User) -> None:
    """Nobody else changes this account until the transaction ends."""
    User.objects.select_for_update().get(pk=user.pk)


def lock_account_of(email: str) -> User | None:
    """The account with this address, open or closed, locked until the transaction ends."""
    return User.objects.select_for_update().filter(email=email.strip().lower()).first()


def set_password(user: User, password: str) -> None:
    """Store a password and forget the wrong ones. Whether it may be chosen is the caller's."""
    user.password = make_password(password)
    user.save(update_fields=["password"])
    forget_failures(user)


def count_failure(user: User, *, most: int, locked_until_at: datetime) -> None:
    """One wrong password more; the account is locked with the last of `most`."""
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= most:
        user.locked_until_at = locked_until_at
        user.failed_sign_ins = 0
    user.save(update_fields=["failed_sign_ins", "locked_until_at"])


def forget_failures(user: User) -> None:
    """No wrong passwords and no lock."""
    user.failed_sign_ins, user.locked_until_at = 0, None
    user.save(update_fields=["failed_sign_ins", "locked_until_at"])
