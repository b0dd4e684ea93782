"""A person's second factors: an authenticator app, recovery codes and passkeys.

allauth keeps the rows and does the arithmetic (RFC 6238 for the app's codes); what may be done
when, how often, and what is written down about it is decided here (docs/adr/0025).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db import transaction

from ims_kernel.audit.services import record
from ims_kernel.identity import accounts, sessions
from ims_kernel.identity.permissions import Actor
from ims_kernel.signin import limits
from ims_kernel.signin.errors import CodeRefused, FactorNotFound
from ims_kernel.signin.seals import open_text
from ims_kernel.signin.signing_in import NOBODY, about, person

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

Kind = Authenticator.Type
_DIGITS = 6
_WRONG = "This code is not right. Wait for the next code in your app, then enter that one."
_CODE_WRONG = (
    "This code is not right. Enter the newest code of your app, or a recovery code you have not "
    "used yet."
)


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up. `passkeys` are Authenticator rows; codes left to use."""

    app: Authenticator | None
    passkeys: Sequence[Authenticator]
    recovery_codes_left: int

    @property
    def any(self) -> bool:
        """Whether the person has a second factor. Recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)


def of(user: User) -> Factors:
    """The person's factors. One query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((each for each in rows if each.type == Kind.RECOVERY_CODES), None)
    return Factors(
        app=next((each for each in rows if each.type == Kind.TOTP), None),
        passkeys=[each for each in rows if each.type == Kind.WEBAUTHN],
        recovery_codes_left=len(RecoveryCodes(codes).get_unused_codes()) if codes else 0,
    )


def new_secret() -> str:
    """A secret for an authenticator app: 160 random bits in base32."""
    return str(generate_totp_secret())


def cleaned(code: str) -> str:
    """A code as it is compared: people copy the spaces that apps show."""
    return "".join(code.split()).replace("-", "")


def set_up_app(user: User, *, secret: str, code: str, at: datetime) -> list[str]:
    """Keep an authenticator app once it has shown a right code, in place of the one before.

    Returns new recovery codes, or none when the person has some. Raises CodeRefused, TooManyTries.
    """
    limits.spend(limits.CODE, str(user.pk), at=at)
    if not validate_totp_code(secret, cleaned(code)):
        raise CodeRefused(_WRONG)
    limits.forget(limits.CODE, str(user.pk))
    # The code that proved the app must not sign anybody in.
    limits.within(limits.ONE_CODE, f"{user.pk}:{cleaned(code)}", at=at)
    with transaction.atomic():
        accounts.lock(user)
        Authenticator.objects.filter(user=user, type=Kind.TOTP).delete()
        TOTP.activate(user, secret)
        record(person(user), "signin.add_factor", about(user), at=at, kind="app")
        return _first_codes(user, at=at)


def added_passkey(user: User, authenticator: Authenticator, *, at: datetime) -> list[str]:
    """Write down a new passkey. Returns new recovery codes, or none when the person has some."""
    record(
        person(user), "signin.add_factor", about(user), at=at,
        kind="passkey", factor=authenticator.pk,
    )  # fmt: skip
    return _first_codes(user, at=at)


def _first_codes(user: User, *, at: datetime) -> list[str]:
    if Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).exists():
        return []
    return new_recovery_codes(user, at=at)


@transaction.atomic
def new_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Ten new codes, each good once. Those before are good no more. Raises CodeRefused."""
    accounts.lock(user)
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user).generate_codes()
    record(person(user), "signin.make_recovery_codes", about(user), at=at)
    return [str(code) for code in codes]


def check_code(user: User, code: str, *, at: datetime) -> str:
    """Which kind of code this is: `app` or `recovery code`. It is used up with this.

    Raises CodeRefused, or TooManyTries after eight wrong codes in a quarter of an hour, whoever
    types them and from wherever.
    """
    limits.spend(limits.CODE, str(user.pk), at=at)
    kind = _kind_of(user, cleaned(code), at=at)
    if not kind:
        record(NOBODY, "signin.refuse", about(user), at=at, how="code", why="identity.code_refused")
        raise CodeRefused(_CODE_WRONG)
    limits.forget(limits.CODE, str(user.pk))
    return kind


def _kind_of(user: User, code: str, *, at: datetime) -> str:
    rows = {each.type: each for each in Authenticator.objects.filter(user=user)}
    if len(code) == _DIGITS and Kind.TOTP in rows:
        row = rows[Kind.TOTP]
        right = validate_totp_code(open_text(row.data["secret"]), code)
        if right and limits.within(limits.ONE_CODE, f"{user.pk}:{code}", at=at):
            _used(row, at)
            return "app"
        return ""
    if Kind.RECOVERY_CODES in rows and RecoveryCodes(rows[Kind.RECOVERY_CODES]).validate_code(code):
        _used(rows[Kind.RECOVERY_CODES], at)
        record(person(user), "signin.use_recovery_code", about(user), at=at)
        return "recovery code"
    return ""


def _used(row: Authenticator, at: datetime) -> None:
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=at)


@transaction.atomic
def remove(user: User, number: int, *, at: datetime, keep_session: str | None) -> None:
    """Remove one of the person's own factors and sign them out elsewhere. Raises FactorNotFound."""
    accounts.lock(user)
    row = Authenticator.objects.filter(user=user, pk=number).exclude(
        type=Kind.RECOVERY_CODES
    ).first()  # fmt: skip
    if row is None:
        raise FactorNotFound("You have no such second factor. It may have been removed already.")
    kind = "app" if row.type == Kind.TOTP else "passkey"
    row.delete()
    left = Authenticator.objects.filter(user=user).exclude(type=Kind.RECOVERY_CODES)
    if not left.exists():
        # Codes that stand for a factor which is gone would outlive what they stood for.
        Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user, keep=keep_session)
    record(person(user), "signin.remove_factor", about(user), at=at, kind=kind, factor=number)


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, at: datetime, reason: str) -> None:
    """Remove every second factor of another person and end their sessions.

    They set up a new one when they next sign in. Raises NotAllowed.
    """
    actor.require("signin.reset_factor")
    accounts.lock(user)
    removed, _ = Authenticator.objects.filter(user=user).delete()
    ended = sessions.end_all(user)
    limits.forget(limits.CODE, str(user.pk))
    record(
        actor, "signin.reset_factor", about(user), at=at, reason=reason,
        factors_removed=removed, sessions_ended=ended,
    )  # fmt: skip
