"""Which person of the council the provider's word stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import accounts, people
from ims_kernel.signin.errors import PersonNotKnown
from ims_kernel.signin.policy import Provider
from ims_kernel.signin.signing_in import NOBODY, about, person

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

_UID_LENGTH = 191
_NOT_KNOWN = (
    "Single sign-on worked, but nobody here uses that account. Ask the person who manages "
    "accounts to add you with the same email address."
)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says, after its signature was checked. Texts are empty when not said."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    tenant_id: str

    @classmethod
    def of(cls, claims: Mapping[str, Any], *, issuer: str) -> Claims:
        """From the claims of an id_token.

        Entra ID's `oid` names a person in the whole tenant, where its `sub` changes with the
        client; others have `sub` only.
        """
        oid, tid = str(claims.get("oid") or ""), str(claims.get("tid") or "").lower()
        verified = claims.get("email_verified") in (True, "true")
        email = claims.get("email") or claims.get("preferred_username") or ""
        return cls(
            issuer=issuer.rstrip("/"),
            subject=f"oid:{oid}" if oid and tid else f"sub:{claims['sub']}",
            email=str(email).strip().lower(),
            is_verified=verified,
            tenant_id=tid,
        )


def find_person(claims: Claims, provider: Provider, *, at: datetime) -> User:
    """The person the claims are of, linking them the first time. Raises PersonNotKnown.

    After the first time only issuer and subject count: an address can pass to somebody else.
    Nobody is ever added here.
    """
    user = _whose(claims, provider, at=at)
    if not user.is_active or people.sleeps(user, at=at):
        raise PersonNotKnown(_NOT_KNOWN)
    return user


@transaction.atomic
def _whose(claims: Claims, provider: Provider, *, at: datetime) -> User:
    if provider.tenant_id and claims.tenant_id != provider.tenant_id.lower():
        raise PersonNotKnown(_NOT_KNOWN)
    if len(claims.subject) > _UID_LENGTH:
        raise PersonNotKnown(_NOT_KNOWN)
    link = (
        SocialAccount.objects.filter(provider=claims.issuer, uid=claims.subject)
        .select_related("user")
        .first()
    )
    if link is None:
        return _link(claims, provider, at=at)
    user: User = link.user
    return user


def _link(claims: Claims, provider: Provider, *, at: datetime) -> User:
    # Entra ID does not say that an address is verified; that the tenant is the council's own, whose
    # administrators give out addresses, is what can be relied on there.
    is_trusted = claims.is_verified or bool(provider.tenant_id)
    domain = claims.email.rpartition("@")[2]
    if not is_trusted or not domain:
        raise PersonNotKnown(_NOT_KNOWN)
    if provider.email_domains and domain not in provider.email_domains:
        raise PersonNotKnown(_NOT_KNOWN)
    user = accounts.lock_account_of(claims.email)
    if (
        user is None
        or not user.is_active
        or SocialAccount.objects.filter(provider=claims.issuer, user=user).exists()
    ):
        raise PersonNotKnown(_NOT_KNOWN)
    SocialAccount.objects.create(user=user, provider=claims.issuer, uid=claims.subject)
    record(person(user), "signin.link_provider", about(user), at=at, issuer=claims.issuer)
    return user


def refuse(claims: Claims, *, at: datetime) -> None:
    """Write down that the provider's person was not let in."""
    record(
        NOBODY, "signin.refuse", Subject("person", "unknown"), at=at,
        how="single sign-on", why="signin.person_not_known", issuer=claims.issuer,
    )  # fmt: skip
