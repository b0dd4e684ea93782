"""Checking the word of a provider: the signature and the claims of an id_token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from ims_kernel.signin.adapters import get_json

# Only keys of which the provider alone has the secret half: none of the HMACs, and never "none".
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LEEWAY_SECONDS = 60


def verified(id_token: str, *, document: Mapping[str, Any], client_id: str) -> dict[str, Any]:
    """The claims of an id_token of this provider, made for us and not yet over.

    OpenID Connect Core 1.0, 3.1.3.7. Raises OAuth2Error, or an error of the connection.
    """
    keys = get_json(document["jwks_uri"])
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=_key(jwt.PyJWKSet.from_dict(keys), jwt.get_unverified_header(id_token)),
            algorithms=_ALGORITHMS,
            audience=client_id,
            issuer=document["issuer"],
            leeway=_LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as error:
        raise OAuth2Error("The id_token is not good.") from error
    if isinstance(claims["aud"], list) and claims.get("azp", client_id) != client_id:
        raise OAuth2Error("The id_token was made for another client.")
    return claims


def _key(keys: jwt.PyJWKSet, header: Mapping[str, Any]) -> jwt.PyJWK:
    """The key the token names, or the only one of a provider that names none."""
    named = header.get("kid")
    found = [each for each in keys.keys if named is None or each.key_id == named]
    if len(found) != 1:
        raise OAuth2Error("The id_token was signed with a key that the provider does not have.")
    return found[0]
