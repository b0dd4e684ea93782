"""What the council asks of somebody who signs in; on the public host, what the platform asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from ims_kernel.crypto.fields import Secret
from ims_kernel.scope import scope_id
from ims_kernel.signin.models import DEFAULT_IDLE_MINUTES, SignInSettings

SETTINGS_PK = 1


@dataclass(frozen=True, slots=True)
class Provider:
    """The council's own OpenID Connect provider. `tenant_id` is Entra ID's, or empty."""

    name: str
    issuer: str
    client_id: str
    client_secret: Secret | None = None
    email_domains: tuple[str, ...] = ()
    tenant_id: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How people sign in here. `provider` is None without single sign-on."""

    allows_passwords: bool = True
    needs_second_factor: bool = True
    idle_minutes: int = DEFAULT_IDLE_MINUTES
    provider: Provider | None = None


def current() -> Policy:
    """The policy of the council at hand, or of the platform. One query in a council."""
    if scope_id() == "public":
        return Policy(needs_second_factor=settings.IMS_OPERATORS_NEED_SECOND_FACTOR)
    row = SignInSettings.objects.filter(pk=SETTINGS_PK).first() or SignInSettings()
    return Policy(
        allows_passwords=row.allows_passwords,
        needs_second_factor=row.second_factor == SignInSettings.SecondFactor.REQUIRED,
        idle_minutes=row.idle_minutes,
        provider=_provider(row) if row.provider_is_on else None,
    )


def provider_as_set() -> Provider:
    """What is written in the settings, whether single sign-on is on or not: to try it."""
    row = SignInSettings.objects.filter(pk=SETTINGS_PK).first() or SignInSettings()
    return _provider(row)


def _provider(row: SignInSettings) -> Provider:
    return Provider(
        name=row.provider_name or "your council’s account",
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=row.client_secret,
        email_domains=tuple(row.email_domains),
        tenant_id=row.tenant_id,
    )
