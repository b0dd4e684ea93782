"""Forged, old and misdirected id_tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ims_kernel import clock
from ims_kernel.signin import id_tokens

ISSUER, CLIENT = "https://provider.example", "ims"
DOCUMENT = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**found, "kid": kid, "use": "sig"}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the provider publishes."""
    published = [public(KEY, "one")]
    monkeypatch.setattr(id_tokens, "get_json", lambda _url: {"keys": published})
    return published


def claims(**more: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    told = {"iss": ISSUER, "sub": "priya", "aud": CLIENT, "exp": now + 300, "iat": now, **more}
    return {name: value for name, value in told.items() if value is not None}


def signed(**more: Any) -> str:
    return jwt.encode(claims(**more), KEY, "RS256", {"kid": "one"})


def verify(token: str) -> dict[str, Any]:
    return id_tokens.verified(token, document=DOCUMENT, client_id=CLIENT)


def test_a_good_token_is_read(keys: list[dict[str, Any]]) -> None:
    assert verify(signed())["sub"] == "priya"
    assert verify(signed(aud=[CLIENT, "other"], azp=CLIENT))["sub"] == "priya"


def unsigned() -> str:
    parts = ({"alg": "none", "kid": "one"}, claims())
    coded = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return ".".join(coded) + "."


def signed_with_the_public_half() -> str:
    """The classic: the published key taken for the secret of an HMAC."""
    pem = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "typ": "JWT", "kid": "one"}
    parts = [
        base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=")
        for p in (header, claims())
    ]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        ".".join(parts).encode(), pem
    )
    return ".".join([*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        signed_with_the_public_half,
        lambda: jwt.encode(claims(), STRANGER, "RS256", {"kid": "one"}),
        lambda: jwt.encode(claims(), KEY, "RS256", {"kid": "two"}),
        lambda: signed(iss="https://other.example"),
        lambda: signed(aud="another"),
        lambda: signed(aud=[CLIENT, "other"], azp="other"),
        lambda: signed(exp=int(clock.now().timestamp()) - 61),
        lambda: signed(exp=None),
        lambda: signed(sub=None),
        lambda: signed()[:-4] + "AAAA",
        lambda: "no.token.atall",
        lambda: "",
    ],
)
def test_any_other_token_is_refused(keys: list[dict[str, Any]], make: Callable[[], str]) -> None:
    with pytest.raises(OAuth2Error):
        verify(make())


def test_a_token_that_names_no_key_needs_the_provider_to_have_one(
    keys: list[dict[str, Any]],
) -> None:
    token = jwt.encode(claims(), KEY, "RS256")
    assert verify(token)["sub"] == "priya"
    keys.append(public(STRANGER, "two"))
    with pytest.raises(OAuth2Error):
        verify(token)


@pytest.mark.parametrize("published", [{}, {"keys": []}, {"keys": [{"kty": "odd"}]}])
def test_keys_that_are_none(monkeypatch: pytest.MonkeyPatch, published: dict[str, Any]) -> None:
    monkeypatch.setattr(id_tokens, "get_json", lambda _url: published)
    with pytest.raises(OAuth2Error):
        verify(signed())
