"""Every payment provider that can be set up. docs/how-to/add-a-payment-provider.md adds one."""

from __future__ import annotations

from ims.payments.providers.govukpay.adapter import GovUkPay
from ims.payments.providers.port import Provider
from ims.payments.providers.simulator.adapter import Simulator
from ims.payments.providers.smartpay_fuse.adapter import SmartpayFuse
from ims.payments.providers.stripe.adapter import Stripe

PROVIDERS: tuple[Provider, ...] = (GovUkPay(), Stripe(), SmartpayFuse(), Simulator())
_BY_KIND = {provider.kind: provider for provider in PROVIDERS}


def get_provider(kind: str) -> Provider:
    """The adapter. Raises KeyError for a kind that a stored account cannot have."""
    return _BY_KIND[kind]
