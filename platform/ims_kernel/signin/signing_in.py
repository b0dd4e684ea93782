"""Whether a password opens the account it is given for, and what is written down about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import accounts, people
from ims_kernel.identity.errors import SignInLocked, SignInRefused
from ims_kernel.identity.permissions import Actor
from ims_kernel.signin import policy

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

MAX_FAILURES = 8
LOCKED_FOR = timedelta(minutes=15)
NOBODY = Actor(name="Nobody")
_REFUSED = "The email address or password is not right. Check both and try again."


def person(user: User) -> Actor:
    """The person in the audit trail, without permissions: signing in needs none."""
    return Actor(name=user.name, user_id=user.pk)


def about(user: User) -> Subject:
    """The person as what an act was done to."""
    return Subject("person", user.pk)


def check(*, email: str, password: str, at: datetime) -> User:
    """The person these belong to. Raises SignInRefused, or SignInLocked after eight failures.

    An unknown address costs the same time as a wrong password and gives the same answer.
    """
    with transaction.atomic():
        user = accounts.lock_account_of(email)
        outcome = _try(user, password, at)
        # Only after the right password: a stranger must not learn whose account sleeps.
        if not isinstance(outcome, Exception) and people.sleeps(outcome, at=at):
            outcome = SignInRefused(_REFUSED)
        if isinstance(outcome, Exception):
            subject = about(user) if user else Subject("person", "unknown")
            record(NOBODY, "signin.refuse", subject, at=at, how="password", why=outcome.code)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _try(user: User | None, password: str, at: datetime) -> User | SignInRefused | SignInLocked:
    """Returned, not raised, so that the count of failures is kept."""
    if user is None or not policy.current().allows_passwords:
        make_password(password)
        return SignInRefused(_REFUSED)
    if user.locked_until_at and user.locked_until_at > at:
        # The time of an answer must not tell a locked account from an unknown one.
        make_password(password)
        return SignInLocked(
            "This account is locked after too many wrong passwords. Try again in 15 minutes."
        )
    if not check_password(password, user.password) or not user.is_active:
        accounts.count_failure(user, most=MAX_FAILURES, locked_until_at=at + LOCKED_FOR)
        return SignInRefused(_REFUSED)
    if user.failed_sign_ins or user.locked_until_at:
        accounts.forget_failures(user)
    return user
