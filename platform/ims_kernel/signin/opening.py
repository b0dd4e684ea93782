"""From a proven first factor to an open session: what is still asked, and what is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest

from ims_kernel.audit.services import record
from ims_kernel.identity import accounts, people, sessions
from ims_kernel.identity.sessions import NOT_ASKED, OWED, PASSED, UNKNOWN_ADDRESS, Opened
from ims_kernel.signin import factors, limits, policy
from ims_kernel.signin.signing_in import about, person
from ims_kernel.web.addresses import client_address

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

_PENDING = "signin_pending"
_PENDING_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody whose password was right and whose second factor is asked for now."""

    user: User
    target: str


def after_password(request: HttpRequest, user: User, *, target: str, at: datetime) -> bool:
    """Open a session, or remember that the second factor is still to come. Whether it is open."""
    if factors.of(user).any:
        # Under a new key, without anything the visit held before.
        request.session.flush()
        request.session[_PENDING] = [
            user.pk,
            int(at.timestamp()),
            target,
            user.get_session_auth_hash(),
        ]
        return False
    owed = policy.current().needs_second_factor
    open_session(request, user, at=at, how="password", factor=OWED if owed else NOT_ASKED)
    return True


def pending(request: HttpRequest, *, at: datetime) -> Pending | None:
    """Who is halfway through signing in, for ten minutes and while their password stays."""
    kept = request.session.get(_PENDING)
    if not kept or at.timestamp() - kept[1] > _PENDING_SECONDS:
        return None
    user = accounts.open_account(kept[0])
    if user is None or user.get_session_auth_hash() != kept[3]:
        return None
    return Pending(user, sessions.safe_next(kept[2]))


def forget_pending(request: HttpRequest) -> None:
    """Back to the beginning."""
    request.session.pop(_PENDING, None)


@transaction.atomic
def open_session(
    request: HttpRequest, user: User, *, at: datetime, how: str, factor: str = PASSED
) -> None:
    """Sign the person in and write it down. `how` says by what, such as `password and app`."""
    address = client_address(request)
    opened = Opened(factor, policy.current().idle_minutes, address or UNKNOWN_ADDRESS)
    sessions.begin(request, user, at=at, opened=opened)
    people.signed_in(user, at=at)
    if address:
        limits.give_back(limits.ADDRESS, address)
    record(person(user), "signin.sign_in", about(user), at=at, how=how)
