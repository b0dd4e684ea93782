"""Making, revoking and recognising keys.

A key reads `ims_<prefix>_<secret>`: the prefix finds the row, the secret (256 random bits) is
compared by its SHA-256 in constant time. A slow hash would add nothing to so long a secret, and
would be paid on every request.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When

from ims.apikeys.errors import KeyNotFound, KeyRefused, KeyUnusable, TooManyRequests
from ims.apikeys.models import ApiKey
from ims.apikeys.scopes import SCOPES, permissions_of
from ims_kernel.audit.services import Subject, record
from ims_kernel.permissions import Actor

PER_MINUTE = 600
LONGEST_NAME = 60
LONGEST_LIFE = timedelta(days=366)
_FORM = re.compile(r"ims_([A-Za-z0-9]{8})_([A-Za-z0-9_-]{43})", re.ASCII)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
REFUSED = (
    "The API key is missing, wrong, expired or revoked. Send it as “Authorization: Bearer ims_…”. "
    "The council's staff see their keys, and make new ones, under Settings, API keys."
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to make. `addresses` are networks such as 203.0.113.0/24; none means anywhere."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime
    addresses: Sequence[str] = ()


def make_key(new: NewKey, *, actor: Actor, at: datetime) -> tuple[ApiKey, str]:
    """Make a key: the row, and the key itself, which cannot be had again.

    Nobody hands out what they may not do themselves. Raises KeyUnusable or NotAllowed.
    """
    actor.require("apikeys.manage")
    _check(new, at)
    for permission in sorted(permissions_of(new.scopes)):
        actor.require(permission)
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=new.name.strip(),
            prefix=prefix,
            secret_sha256=_hash(secret),
            scopes=sorted(set(new.scopes)),
            addresses=[str(_network(each)) for each in new.addresses],
            created_at=at,
            created_by=actor.name[:100],
            expires_at=new.expires_at,
        )
        facts = {
            "name": key.name,
            "scopes": key.scopes,
            "addresses": key.addresses,
            "expires_at": key.expires_at.isoformat(),
        }
        record(actor, "apikeys.make", _subject(key), at=at, after=facts)
    return key, f"ims_{prefix}_{secret}"


def revoke_key(key_id: int, *, actor: Actor, at: datetime, reason: str = "") -> ApiKey:
    """Make a key useless from this moment. Twice is once. Raises KeyNotFound or NotAllowed."""
    actor.require("apikeys.manage")
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
        if key is None:
            raise KeyNotFound("There is no such API key.")
        if key.revoked_at is None:
            key.revoked_at, key.revoked_by = at, actor.name[:100]
            key.save(update_fields=["revoked_at", "revoked_by"])
            record(actor, "apikeys.revoke", _subject(key), at=at, reason=reason)
    return key


def open_with(text: str, *, address: str, at: datetime) -> ApiKey:
    """The key behind a text, when it may be used now and from here; counts its use.

    Raises KeyRefused, the same for every reason, or TooManyRequests.
    """
    match = _FORM.fullmatch(text)
    key = ApiKey.objects.filter(prefix=match[1]).first() if match else None
    known = key.secret_sha256 if key else _hash("")
    right = hmac.compare_digest(known, _hash(match[2] if match else ""))
    usable = key is not None and key.revoked_at is None and key.expires_at > at
    if key is None or not right or not usable or not _may_come_from(key, address):
        raise KeyRefused(REFUSED)
    _count(key, at)
    return key


def actor_of(key: ApiKey) -> Actor:
    """The system behind a key, with the permissions of its scopes."""
    return Actor(name=f"API key {key.name}", permissions=permissions_of(key.scopes))


def list_keys() -> list[ApiKey]:
    """Every key, the newest first."""
    return list(ApiKey.objects.order_by("-id"))


def get_key(key_id: int) -> ApiKey:
    """One key. Raises KeyNotFound."""
    found = ApiKey.objects.filter(pk=key_id).first()
    if found is None:
        raise KeyNotFound("There is no such API key.")
    return found


def state_of(key: ApiKey, at: datetime) -> str:
    """`in use`, `expired` or `revoked`."""
    if key.revoked_at is not None:
        return "revoked"
    return "in use" if key.expires_at > at else "expired"


def _count(key: ApiKey, at: datetime) -> None:
    """One statement, so that two processes cannot both take the last use of a minute."""
    minute = int(at.timestamp()) // 60
    taken = ApiKey.objects.filter(pk=key.pk).exclude(
        minute=minute, used_this_minute__gte=PER_MINUTE
    )
    counted = taken.update(
        used_this_minute=Case(
            When(minute=minute, then=F("used_this_minute") + 1), default=Value(1)
        ),
        minute=minute,
        last_used_at=at,
    )
    if not counted:
        raise TooManyRequests(
            f"This key was used {PER_MINUTE} times in this minute. Wait for the next, then go on.",
            retry_after=60 - int(at.timestamp()) % 60,
        )


def _check(new: NewKey, at: datetime) -> None:
    name = new.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        words = f"Enter a name of up to {LONGEST_NAME} characters: which system uses it."
        raise KeyUnusable(words, field="name")
    if not new.scopes:
        raise KeyUnusable("Select what the key may be used for.", field="scopes")
    if strange := [scope for scope in new.scopes if scope not in SCOPES]:
        raise KeyUnusable(f"There is no scope “{strange[0][:40]}”.", field="scopes")
    if not at < new.expires_at <= at + LONGEST_LIFE:
        raise KeyUnusable(
            "Enter a last day from today to a year from today. A key that is used for longer is "
            "replaced by a new one.",
            field="expires_at",
        )
    for each in new.addresses:
        _network(each)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError:
        raise KeyUnusable(
            f"“{text[:43]}” is not a network. Write one like 203.0.113.0/24, or one address.",
            field="addresses",
        ) from None


def _may_come_from(key: ApiKey, address: str) -> bool:
    if not key.addresses:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(here in ipaddress.ip_network(each) for each in key.addresses)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _subject(key: ApiKey) -> Subject:
    return Subject("api_key", key.pk)
