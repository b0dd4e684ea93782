"""How often something may be tried, counted in the council's schema so that processes agree."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest

from ims_kernel.signin.errors import TooManyTries
from ims_kernel.signin.models import Tries
from ims_kernel.web.addresses import client_address


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries by one subject in a window that starts with the first."""

    name: str
    most: int
    window: timedelta


# A whole council may come from one address, so it may fail more often than a person.
ADDRESS = Limit("address", 100, timedelta(minutes=15))
CODE = Limit("code", 8, timedelta(minutes=15))
PROOF = Limit("proof", 8, timedelta(minutes=15))
RESET_PERSON = Limit("reset-person", 3, timedelta(hours=1))
RESET_ADDRESS = Limit("reset-address", 30, timedelta(hours=1))
PROVIDER_CHECK = Limit("provider-check", 20, timedelta(minutes=15))
# A code of an authenticator app counts once, for as long as it could be right.
ONE_CODE = Limit("one-code", 1, timedelta(minutes=3))

_SPEND = """
    INSERT INTO signin_tries AS t (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN t.ends_at <= %(at)s THEN 1 ELSE t.count + 1 END,
        ends_at = CASE WHEN t.ends_at <= %(at)s THEN %(ends)s ELSE t.ends_at END
    RETURNING count, ends_at
"""
_OLD_AT_ONCE = 100


def spend(limit: Limit, subject: str, *, at: datetime) -> None:
    """Count one try, before it is made. Raises TooManyTries when it is one too many."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": _key(limit, subject), "ends": at + limit.window, "at": at})
        count, ends_at = cursor.fetchone()
    if count == 1:
        _forget_old(at)
    if count > limit.most:
        minutes = max(1, -(-int((ends_at - at).total_seconds()) // 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooManyTries(f"This was tried too often. Wait {wait}, then try again.")


def spend_address(limit: Limit, request: HttpRequest, *, at: datetime) -> None:
    """Count one try of whoever asks; nothing where the address cannot be known.

    Then everybody would share the count, and one guesser could lock the whole council out. The
    limits of each account hold there too. Raises TooManyTries.
    """
    if address := client_address(request):
        spend(limit, address, at=at)


def forget(limit: Limit, subject: str) -> None:
    """Forget the tries of a subject that got it right."""
    Tries.objects.filter(key=_key(limit, subject)).delete()


def give_back(limit: Limit, subject: str) -> None:
    """Take one try back: it was a good one, and others share the subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE signin_tries SET count = count - 1 WHERE key = %s AND count > 0",
            [_key(limit, subject)],
        )


def within(limit: Limit, subject: str, *, at: datetime) -> bool:
    """Count one try, and say whether it is within the limit."""
    try:
        spend(limit, subject, at=at)
    except TooManyTries:
        return False
    return True


def _key(limit: Limit, subject: str) -> str:
    return hashlib.sha256(f"{limit.name}:{subject}".encode()).hexdigest()


def _forget_old(at: datetime) -> None:
    """A few at a time and none that somebody holds: nobody waits for the tidying."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM signin_tries WHERE key IN (SELECT key FROM signin_tries "
            "WHERE ends_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)",
            [at, _OLD_AT_ONCE],
        )
