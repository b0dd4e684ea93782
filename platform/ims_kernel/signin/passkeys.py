"""Passkeys (WebAuthn): the browser proves a key that never leaves the person's device.

The site (RP id) and the origin are the council's own host as found by CouncilByHost, so a passkey
of one council says nothing at another (W3C WebAuthn level 3, 7.1 and 7.2).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from fido2.utils import websafe_decode

from ims_kernel.audit.services import record
from ims_kernel.identity import accounts, people
from ims_kernel.signin import factors
from ims_kernel.signin.errors import PasskeyRefused
from ims_kernel.signin.signing_in import NOBODY, about

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

_MOST = 20_000
_REFUSED = "The passkey was not accepted. Try again, or sign in another way."


def begin_adding(user: User) -> str:
    """The options for `navigator.credentials.create`, as JSON. The challenge is in the session."""
    return json.dumps(_plain(auth.begin_registration(user, passwordless=True)))


def add(request: HttpRequest, *, name: str, answer: str, at: datetime) -> list[str]:
    """Keep the passkey the browser made. Returns new recovery codes, if any were made.

    Raises PasskeyRefused.
    """
    user, credential = _user(request), _read(answer, request)
    try:
        auth.complete_registration(auth.parse_registration_response(credential))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        _refuse(error)
    with transaction.atomic():
        accounts.lock(user)
        row = auth.WebAuthn.add(user, name, credential).instance
        return factors.added_passkey(user, row, at=at)


def begin_using(user: User | None = None) -> str:
    """The options for `navigator.credentials.get`; without a person, any passkey of this site."""
    return json.dumps(_plain(auth.begin_authentication(user)))


def use(request: HttpRequest, answer: str, *, at: datetime, user: User | None = None) -> User:
    """Whose passkey the browser has proved. Raises PasskeyRefused.

    With `user`, it must be that person's.
    """
    credential = _read(answer, request)
    owner = user or _owner(credential)
    try:
        response = auth.parse_authentication_response(credential)
        row = auth.complete_authentication(owner, response)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        record(NOBODY, "signin.refuse", about(owner), at=at, how="passkey", why="passkey")
        _refuse(error)
    if people.sleeps(owner, at=at):
        raise PasskeyRefused(_REFUSED)
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=at)
    return owner


def _user(request: HttpRequest) -> User:
    found = accounts.signed_in(request)
    if found is None:
        raise PasskeyRefused(_REFUSED)
    return found


def _owner(credential: dict[str, Any]) -> User:
    """The person whom the device says the passkey is of; the signature is still to be checked."""
    try:
        number = int(websafe_decode(credential["response"]["userHandle"]))
    except (KeyError, TypeError, ValueError) as error:
        _refuse(error)
    owner = accounts.open_account(number)
    if owner is None:
        raise PasskeyRefused(_REFUSED)
    return owner


def _read(answer: str, request: HttpRequest) -> dict[str, Any]:
    """What the browser sent, when it speaks of exactly this origin."""
    if len(answer) > _MOST:
        raise PasskeyRefused(_REFUSED)
    try:
        credential: dict[str, Any] = json.loads(answer)
        said = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
        origin = said["origin"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # Thousands of brackets inside each other are a RecursionError.
        _refuse(error)
    if origin != f"{request.scheme}://{request.get_host()}":
        raise PasskeyRefused(_REFUSED)
    return credential


def _refuse(error: Exception) -> NoReturn:
    raise PasskeyRefused(_REFUSED) from error


def _plain(value: Any) -> Any:
    """The options as JSON can hold them: fido2's mappings become dicts."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
