"""Stripe (https://docs.stripe.com/api). Council's own keys, or ours with the council's account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType

from ims.payments.providers.port import (
    LIVE,
    TEST,
    Config,
    ConfigField,
    Health,
    Shape,
    by_status,
    same,
    unwell,
    well,
)
from ims_kernel import http

_BASE = "https://api.stripe.com"


class Stripe:
    """Asked by plain HTTP: one call for a check does not need Stripe's own library."""

    kind = "stripe"
    name = "Stripe"
    bases: Mapping[str, str] = MappingProxyType({TEST: _BASE, LIVE: _BASE})
    fields = (
        ConfigField(
            "account",
            "Connected account",
            "Only when the key belongs to a platform account: acct_ and letters.",
            secret=False,
            optional=True,
            shapes=same(Shape(r"acct_[A-Za-z0-9]{8,60}", "acct_ and letters and digits")),
        ),
        ConfigField(
            "api_key",
            "Secret or restricted key",
            "From the Stripe dashboard: Developers, API keys. A restricted key is safer.",
            secret=True,
            shapes={
                TEST: Shape(
                    r"(sk|rk)_test_[A-Za-z0-9]{16,200}", "sk_test_ or rk_test_ and letters"
                ),
                LIVE: Shape(
                    r"(sk|rk)_live_[A-Za-z0-9]{16,200}", "sk_live_ or rk_live_ and letters"
                ),
            },
        ),
        ConfigField(
            "webhook_secret",
            "Webhook signing secret",
            "From the Stripe dashboard: Developers, Webhooks. Leave empty until there is one.",
            secret=True,
            optional=True,
            shapes=same(Shape(r"whsec_[A-Za-z0-9+/=]{16,200}", "whsec_ and letters")),
        ),
    )

    def check_config(self, config: Config, *, at: datetime) -> Health:  # noqa: ARG002 - the port's
        """Read the balance: it changes nothing, and its answer says whether it is live."""
        headers = {"Authorization": f"Bearer {config.credentials['api_key']}"}
        if account := config.identifiers.get("account", ""):
            headers["Stripe-Account"] = account
        reply = http.get(config.base, "/v1/balance", headers=headers)
        if reply.status == HTTPStatus.FORBIDDEN:
            return unwell(
                "Stripe knows the key, but it may not read the balance of this account. Give the "
                "restricted key “Read” for Balance, or check the connected account.",
            )
        if reply.status != HTTPStatus.OK:
            return by_status(self.name, reply.status)
        return _health(reply.body, config.mode)


def _health(body: bytes, mode: str) -> Health:
    try:
        live = json.loads(body)["livemode"]
    except (ValueError, KeyError, TypeError):
        live = None
    if live is not (mode == LIVE):
        return unwell(f"Stripe answered, but not as a {mode} account would.")
    return well(f"Stripe accepts the {mode} key.")
