"""Choosing a password: its rules, changing it, and a link for one who forgot it.

At least twelve characters, none that attackers try first, and nothing else: no composition rules,
no expiry (NCSC password guidance; ASVS 5.0 6.2).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction

from ims_kernel.audit.services import record
from ims_kernel.identity import accounts, sessions
from ims_kernel.identity.permissions import Actor
from ims_kernel.scope import scope_id
from ims_kernel.signin import breached, limits
from ims_kernel.signin.errors import PasswordRefused, ResetLinkRefused
from ims_kernel.signin.signing_in import about, person

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

log = structlog.get_logger(__name__)

_WORDS = {
    "password_too_short": "Use at least 12 characters. Three random words are easy to remember.",
    "password_too_common": "Choose another password: this is one attackers try first.",
    "password_too_similar": "Choose another password: this is too much like your name or address.",
    "password_breached": "Choose another password: this one was found in a data breach.",
}


class NotBreached:
    """A validator for AUTH_PASSWORD_VALIDATORS. `path` is empty: no file, nothing is looked up."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        """Raises ValidationError for a password the file lists."""
        if not self.path:
            return
        try:
            found = breached.is_in(Path(self.path), password)
        except OSError:
            # People must be able to change a password on the day a disk is away.
            log.exception("breached_passwords_unreadable")
            return
        if found:
            raise ValidationError(_WORDS["password_breached"], code="password_breached")

    def get_help_text(self) -> str:
        """For Django's own forms."""
        return "Your password must not have been found in a data breach."


class _ResetTokens(PasswordResetTokenGenerator):
    """Tokens that hold in one council only: all councils share SECRET_KEY."""

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"{scope_id()}:password-reset"


_tokens = _ResetTokens()


def check_rules(password: str, user: User) -> None:
    """Raises PasswordRefused in words for a password that may not be chosen."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        first = error.error_list[0]
        words = _WORDS.get(str(first.code), " ".join(first.messages))
        raise PasswordRefused(words) from error


@transaction.atomic
def set_password(
    user: User, password: str, *, actor: Actor, at: datetime, keep_session: str | None = None
) -> None:
    """Give the person a new password and end their sessions, but for `keep_session`.

    Raises PasswordRefused. It does not sign anybody in and leaves second factors as they are.
    """
    check_rules(password, user)
    accounts.set_password(user, password)
    ended = sessions.end_all(user, keep=keep_session)
    record(actor, "signin.set_password", about(user), at=at, sessions_ended=ended)


def change(user: User, *, present: str, new: str, at: datetime, keep_session: str | None) -> None:
    """The person's own change. Raises PasswordRefused, or TooManyTries for guessing `present`."""
    limits.spend(limits.PROOF, str(user.pk), at=at)
    if not check_password(present, user.password):
        raise PasswordRefused("Your present password is not right.")
    limits.forget(limits.PROOF, str(user.pk))
    set_password(user, new, actor=person(user), at=at, keep_session=keep_session)


def reset_link(user: User) -> str:
    """What names the person and proves the link, for one address part: `12.abc-123…`."""
    return f"{user.pk}.{_tokens.make_token(user)}"


def of_link(link: str) -> User:
    """Whose link it is. Raises ResetLinkRefused: wrong, used, over an hour old, or closed."""
    number, _, token = link.partition(".")
    user = None
    if number.isascii() and number.isdigit() and len(number) <= 18:  # noqa: PLR2004 - a bigint
        user = accounts.open_account(int(number))
    if user is None or not _tokens.check_token(user, token):
        raise ResetLinkRefused(
            "This link cannot be used. It works once, for one hour. Ask for a new one."
        )
    return user
