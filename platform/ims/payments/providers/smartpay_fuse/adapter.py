"""Smartpay Fuse: card pages by Secure Acceptance Hosted Checkout, questions by the REST interface.

A REST call carries a token signed with the shared secret, as CyberSource describes for “JSON Web
Token with shared secret”; signing single headers is deprecated there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from ims.payments.providers.port import (
    LIVE,
    TEST,
    Config,
    ConfigField,
    Health,
    Shape,
    by_status,
    same,
    well,
)
from ims_kernel import http

# A payment that is never there: the answer “not found” proves that the key was accepted.
_NOBODYS = "/tss/v2/transactions/0"
_LIFETIME_SECONDS = 120


class SmartpayFuse:
    """One account is one Secure Acceptance profile: web and telephone payments have their own."""

    kind = "smartpay_fuse"
    name = "Smartpay Fuse"
    bases: Mapping[str, str] = MappingProxyType(
        {TEST: "https://apitest.cybersource.com", LIVE: "https://api.cybersource.com"}
    )
    fields = (
        ConfigField(
            "merchant_id",
            "Merchant ID",
            "As Barclaycard wrote it to you.",
            secret=False,
            shapes=same(Shape(r"[A-Za-z0-9_-]{4,50}", "4 to 50 letters, digits, - and _")),
        ),
        ConfigField(
            "profile_id",
            "Profile ID",
            "Of the Hosted Checkout profile, with its hyphens.",
            secret=False,
            shapes=same(
                Shape(
                    r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
                    "32 digits and letters A to F, with hyphens",
                )
            ),
        ),
        ConfigField(
            "access_key",
            "Access key",
            "Of the Hosted Checkout profile: 32 digits and letters A to F.",
            secret=True,
            shapes=same(Shape(r"[0-9A-Fa-f]{32}", "32 digits and letters a to f")),
        ),
        ConfigField(
            "secret_key",
            "Secret key",
            "Of the Hosted Checkout profile: 256 digits and letters A to F.",
            secret=True,
            shapes=same(Shape(r"[0-9A-Fa-f]{256}", "256 digits and letters a to f")),
        ),
        ConfigField(
            "rest_key_id",
            "REST key ID",
            "Of the REST shared secret key.",
            secret=True,
            shapes=same(
                Shape(
                    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                    "32 digits and letters a to f, with hyphens",
                )
            ),
        ),
        ConfigField(
            "rest_secret",
            "REST shared secret",
            "Shown once when the key is made; 44 characters, the last is =.",
            secret=True,
            shapes=same(Shape(r"[A-Za-z0-9+/]{43}=", "44 characters of base64")),
        ),
    )

    def check_config(self, config: Config, *, at: datetime) -> Health:
        """Ask for a payment that is not there. Says nothing about the Hosted Checkout keys."""
        headers = {
            "Authorization": f"Bearer {_token(config, _NOBODYS, at=at)}",
            "v-c-merchant-id": config.identifiers["merchant_id"],
        }
        reply = http.get(config.base, _NOBODYS, headers=headers)
        if reply.status == HTTPStatus.NOT_FOUND:
            return well(
                f"{self.name} accepts the {config.mode} REST key. The keys of the Hosted Checkout "
                "profile are proved by the first payment.",
            )
        return by_status(self.name, reply.status)


def _token(config: Config, path: str, *, at: datetime) -> str:
    """A JSON Web Token (RFC 7519) for one GET, signed with HS256."""
    seconds = int(at.timestamp())
    merchant = config.identifiers["merchant_id"]
    header = {"alg": "HS256", "typ": "JWT", "kid": config.credentials["rest_key_id"]}
    claims = {
        "iat": seconds,
        "exp": seconds + _LIFETIME_SECONDS,
        "request-method": "get",
        "request-host": urlsplit(config.base).hostname,
        "request-resource-path": path,
        "iss": merchant,
        "jti": str(uuid.uuid4()),
        "v-c-jwt-version": "2",
        "v-c-merchant-id": merchant,
    }
    signed = f"{_packed(header)}.{_packed(claims)}"
    try:
        key = base64.b64decode(config.credentials["rest_secret"], validate=True)
    except binascii.Error:
        raise http.NotSendable("The REST shared secret is not base64. Copy it again.") from None
    mac = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_text(mac)}"


def _packed(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
