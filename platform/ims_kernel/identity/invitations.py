"""The link in an invitation: signed for one council, kept as a digest, and good once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer

from ims_kernel.identity.errors import InvitationRefused, PasswordRefused
from ims_kernel.identity.models import Invitation, User
from ims_kernel.permissions import Actor
from ims_kernel.scope import scope_id

_LONGEST = 200
_REFUSED = (
    "This link cannot be used. It may have been used before, replaced by a newer one, or be too "
    "old. Ask whoever invited you for a new link."
)


def make(user: User, *, actor: Actor, at: datetime, days: int) -> tuple[str, datetime]:
    """A new link's token and when it ends. Older links of the person no longer work."""
    withdraw(user, at=at)
    secret = secrets.token_urlsafe(32)
    expires_at = at + timedelta(days=days)
    Invitation.objects.create(
        user=user,
        digest=_digest(secret),
        invited_by=actor.name[:100],
        invited_at=at,
        expires_at=expires_at,
    )
    return _signer().sign(secret), expires_at


def withdraw(user: User, *, at: datetime) -> None:
    """Let no link of this person work any more."""
    Invitation.objects.filter(user=user, used_at=None, expires_at__gt=at).update(expires_at=at)


def read(token: str, *, at: datetime) -> Invitation:
    """The invitation a token belongs to, locked when in a transaction.

    Raises InvitationRefused with one sentence, whatever the reason is.
    """
    try:
        secret = _signer().unsign(token[:_LONGEST])
    except BadSignature:
        raise InvitationRefused(_REFUSED) from None
    found = Invitation.objects.select_related("user").filter(digest=_digest(secret)).first()
    if found is None or found.used_at is not None or found.expires_at <= at:
        raise InvitationRefused(_REFUSED)
    if found.user.state != "invited":
        raise InvitationRefused(_REFUSED)
    return found


def check_password(password: str, user: User) -> None:
    """Raise PasswordRefused with every reason the council's rules give."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefused(" ".join(error.messages), field="password") from None


def _digest(secret: str) -> str:
    # 256 bits of chance need no salt or slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _signer() -> Signer:
    # All councils share one key, so a token without the council in its salt would hold in each.
    return Signer(salt=f"{scope_id()}:invitation", sep="~")
