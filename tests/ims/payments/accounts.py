"""Invented provider accounts."""

from __future__ import annotations

import base64
from typing import Any

from ims.payments.records import PAYMENT_ACCOUNTS
from ims_kernel import clock
from ims_kernel.identity.permissions import Actor, system
from ims_kernel.records import services
from ims_kernel.records.services import Asked, Saved

PAY_KEY = "api_test_" + "1nventedF0rATest" * 2
STRIPE_KEY = "sk_test_" + "1nventedF0rATest" * 2
ACTOR = system("Test")
PAY = {
    "code": "WEB", "name": "Web payments", "provider": "govukpay", "mode": "test",
    "govukpay_api_key": PAY_KEY,
}  # fmt: skip
STRIPE = {
    "code": "CARD", "name": "Cards", "provider": "stripe", "mode": "test",
    "stripe_api_key": STRIPE_KEY,
}  # fmt: skip
FUSE = {
    "code": "FUSE", "name": "Telephone", "provider": "smartpay_fuse", "mode": "test",
    "smartpay_fuse_merchant_id": "northmoor_test",
    "smartpay_fuse_profile_id": "11112222-3333-4444-5555-666677778888",
    "smartpay_fuse_access_key": "0a" * 16,
    "smartpay_fuse_secret_key": "1b" * 128,
    "smartpay_fuse_rest_key_id": "99998888-7777-6666-5555-444433332222",
    "smartpay_fuse_rest_secret": base64.b64encode(b"invented, and 32 bytes exactly..").decode(),
}  # fmt: skip


def add(values: dict[str, Any], *, actor: Actor = ACTOR) -> Saved:
    """Add an account as if a second person had approved it."""
    return services.save(
        PAYMENT_ACCOUNTS, None, values, asked=Asked(actor, clock.now(), approved=True)
    )


def change(code: str, *, actor: Actor = ACTOR, **values: Any) -> Saved:
    """Change some values of an account, approved."""
    return services.save(
        PAYMENT_ACCOUNTS, code, values, asked=Asked(actor, clock.now(), approved=True)
    )
