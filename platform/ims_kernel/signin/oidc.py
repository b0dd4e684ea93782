"""OpenID Connect with the council's provider: allauth's dance, with every check we rely on.

State and PKCE are allauth's. Added here: a nonce, the issuer that was set, a checked signature, and
no parameter from the request (OpenID Connect Core 1.0, 3.1.3.7; RFC 9700 2.1).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

from ims_kernel.signin import id_tokens
from ims_kernel.signin.adapters import get_json
from ims_kernel.signin.policy import Provider
from ims_kernel.signin.single_sign_on import Claims

BACK = "/sign-in/single-sign-on/back"
_NONCE = "nonce"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came back: who it is, by the provider's word, and where they wanted to go."""

    claims: Claims
    target: str


class _Arrived(ImmediateHttpResponse):  # type: ignore[misc]
    """Carries the claims out of allauth's view before it looks for accounts of its own."""

    def __init__(self, result: SignedIn) -> None:
        super().__init__(HttpResponse())
        self.result = result


class _Dance(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One request's talk with the provider. `state` is what was kept when the person left."""

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        super().__init__(request, "council")
        self.told = provider
        self.state: dict[str, Any] = {}
        self._document: dict[str, Any] | None = None

    def get_provider(self) -> _CouncilProvider:
        return _CouncilProvider(self.request, app=_app(self.told), dance=self)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002
        return callback_address(request)

    @property
    def openid_config(self) -> dict[str, Any]:
        # allauth's own takes whatever was answered for a document.
        if self._document is None:
            self._document = document_of(self.told.issuer)
        return self._document

    def complete_login(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's shape
        app: SocialApp,
        token: Any,
        **kwargs: Any,
    ) -> None:
        """Always ends in _Arrived, or in OAuth2Error."""
        given = kwargs["response"].get("id_token")
        if not given:
            raise OAuth2Error("The provider sent no id_token.")
        claims = self._verified(str(given), app)
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if isinstance(more, dict) and more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
        target = str(self.state.get("next") or "")
        raise _Arrived(SignedIn(Claims.of(claims, issuer=self.told.issuer), target))

    def _verified(self, id_token: str, app: SocialApp) -> dict[str, Any]:
        claims = id_tokens.verified(id_token, document=self.openid_config, client_id=app.client_id)
        wanted = str((self.state.get("data") or {}).get(_NONCE, ""))
        if not wanted or not hmac.compare_digest(str(claims.get("nonce", "")), wanted):
            raise OAuth2Error("The id_token was made for another visit.")
        return claims


class _CouncilProvider(OpenIDConnectProvider):  # type: ignore[misc]
    pkce_enabled_default = True

    def __init__(self, request: HttpRequest, *, app: SocialApp, dance: _Dance) -> None:
        super().__init__(request, app=app)
        self.dance = dance

    def get_oauth2_adapter(self, request: HttpRequest) -> _Dance:  # noqa: ARG002
        return self.dance


class _CallbackView(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


def leave(request: HttpRequest, provider: Provider, *, target: str) -> HttpResponse:
    """Send the person to the provider. Raises OAuth2Error or an error of the connection."""
    nonce = secrets.token_urlsafe(24)
    answer: HttpResponse = (
        _Dance(request, provider)
        .get_provider()
        .redirect(request, "login", next_url=target, data={_NONCE: nonce},
                  auth_params={_NONCE: nonce})
    )  # fmt: skip
    return answer


def come_back(request: HttpRequest, provider: Provider) -> SignedIn | HttpResponse:
    """Who came back, or the answer that leads somebody who was not let in to the sign-in page.

    Raises what document_of raises when the provider went away meanwhile.
    """
    view = _CallbackView()
    view.request, view.adapter = request, _Dance(request, provider)
    try:
        answer: HttpResponse = view.dispatch(request)
    except _Arrived as arrived:
        return arrived.result
    return answer


def callback_address(request: HttpRequest) -> str:
    """The address to register with the provider: this council's own."""
    return request.build_absolute_uri(BACK)


def document_of(issuer: str) -> dict[str, Any]:
    """The provider's discovery document, fetched and checked.

    Raises OAuth2Error, or an error of the connection (all are OSError), or ValueError.
    """
    found = get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    check_document(found, issuer)
    return found


def check_document(found: dict[str, Any], issuer: str) -> None:
    """Raises OAuth2Error for a document of another issuer, or without what we need.

    OpenID Connect Discovery 1.0, 4.3: the issuer must be the one that was asked.
    """
    if str(found.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise OAuth2Error("The provider says it is another one than was set.")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise OAuth2Error(f"The provider does not say its {name}.")


def _app(provider: Provider) -> SocialApp:
    """Never saved: the council's settings are the only place a secret is kept."""
    return SocialApp(
        provider="openid_connect",
        provider_id="council",
        name=provider.name[:40],
        client_id=provider.client_id,
        secret=provider.client_secret.reveal() if provider.client_secret else "",
        settings={"server_url": provider.issuer.rstrip("/")},
    )
