"""GOV.UK Pay (API v1, https://docs.payments.service.gov.uk/api_reference)."""

from __future__ import annotations

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
    well,
)
from ims_kernel import http

_BASE = "https://publicapi.payments.service.gov.uk"
_KEY = "letters and digits"


class GovUkPay:
    """One key belongs to one GOV.UK Pay service, which pays into one bank account."""

    kind = "govukpay"
    name = "GOV.UK Pay"
    bases: Mapping[str, str] = MappingProxyType({TEST: _BASE, LIVE: _BASE})
    fields = (
        ConfigField(
            "api_key",
            "API key",
            "From the GOV.UK Pay admin tool: Settings, API keys.",
            secret=True,
            shapes={
                TEST: Shape(r"api_test_[A-Za-z0-9]{20,150}", f"api_test_ and {_KEY}"),
                LIVE: Shape(r"api_live_[A-Za-z0-9]{20,150}", f"api_live_ and {_KEY}"),
            },
        ),
        ConfigField(
            "webhook_secret",
            "Webhook signing secret",
            "From the GOV.UK Pay admin tool: Webhooks. Leave empty until there is a webhook.",
            secret=True,
            optional=True,
            shapes=MappingProxyType(
                {
                    mode: Shape(r"(?!api_)[A-Za-z0-9_-]{16,200}", "letters, digits, - and _")
                    for mode in (TEST, LIVE)
                }
            ),
        ),
    )

    def check_config(self, config: Config, *, at: datetime) -> Health:  # noqa: ARG002 - the port's
        """Ask for the newest payment, which shows nothing and changes nothing."""
        headers = {"Authorization": f"Bearer {config.credentials['api_key']}"}
        reply = http.get(config.base, "/v1/payments?display_size=1", headers=headers)
        if reply.status == HTTPStatus.OK:
            return well(f"{self.name} accepts the {config.mode} API key.")
        return by_status(self.name, reply.status)
