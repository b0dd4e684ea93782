"""What allauth asks us: how to keep secrets, who we are to an authenticator, and what to call."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponseRedirect

from ims_kernel.signin import outside
from ims_kernel.signin.errors import ProviderRefused
from ims_kernel.signin.seals import open_text, seal_text

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

SIGN_IN_FAILED = "/sign-in?problem=provider"
_SECONDS = 10


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are sealed with the council's key, the site is the council's host."""

    def encrypt(self, text: str) -> str:
        """The sealed text that stands in the database."""
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealBroken for a text of another council."""
        return open_text(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host this request came to: CouncilByHost has found it among the council's own."""
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": site_name(context.request)}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Who the authenticator shows beside the site."""
        return {
            "id": str(user.pk).encode(),
            "display_name": user.name,
            "name": user.email,
        }


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: every call outside is checked, and every failure leads to our own page."""

    def get_requests_session(self) -> Any:
        """A session that reaches public HTTPS hosts only, follows no redirect and gives up."""
        session = super().get_requests_session()
        # A proxy of the environment would be asked for the address after we have checked it.
        session.trust_env = False
        session.max_redirects = 0
        send = functools.partial(session.request, timeout=_SECONDS)

        def checked(method: str, url: str, **options: Any) -> Any:
            try:
                outside.check(url)
            except ProviderRefused as error:
                raise OAuth2Error(error.message) from error
            return send(method, url, **options)

        session.request = checked
        return session

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's shape
        provider: Any,
        **facts: Any,
    ) -> None:
        """Anything that went wrong at the provider."""
        outside.log_failure(provider, facts)
        raise ImmediateHttpResponse(HttpResponseRedirect(SIGN_IN_FAILED))


def get_json(url: str) -> dict[str, Any]:
    """A document of the provider. Raises OAuth2Error, OSError or ValueError."""
    with ProviderAdapter().get_requests_session() as session:
        response = session.request("GET", url)
        response.raise_for_status()
        found = response.json()
    if not isinstance(found, dict):
        raise OAuth2Error("The provider sent something else than a document.")
    return found


def site_name(request: HttpRequest) -> str:
    """What the council is called in authenticator apps."""
    return str(getattr(getattr(request, "brand", None), "name", "")) or request.get_host()


def authenticator_address(request: HttpRequest, user: User, secret: str) -> str:
    """The `otpauth:` address that the QR code holds (Google's Key URI format)."""
    issuer = site_name(request)
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(user.email)}?{query}"
