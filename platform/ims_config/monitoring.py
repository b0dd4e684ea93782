"""Errors to Sentry: off without a DSN, and with nothing personal in them."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from ims_config.env import Environment
from ims_config.logging import redact_text


def configure(env: Environment) -> bool:
    """Start sending errors when a DSN is set; returns whether it is."""
    if not env.sentry_dsn:
        return False
    sentry_sdk.init(
        dsn=env.sentry_dsn,
        environment=env.environment,
        release=env.release or None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrub,
        before_breadcrumb=lambda _crumb, _hint: None,
    )
    return True


def scrub(event: Event, _hint: Hint) -> Event:
    """The event without cookies, query strings, bodies and anything that looks personal."""
    request: Any = event.get("request") or {}
    for key in ("cookies", "query_string", "data", "headers", "env"):
        request.pop(key, None)
    if "url" in request:
        request["url"] = str(request["url"]).split("?")[0]
    if "message" in event:
        event["message"] = redact_text(str(event["message"]))
    entry: Any = event.get("logentry") or {}
    entry.pop("params", None)
    for key in ("message", "formatted"):
        if key in entry:
            entry[key] = redact_text(str(entry[key]))
    for value in (event.get("exception") or {}).get("values", []):
        value["value"] = redact_text(str(value.get("value", "")))
    event.pop("user", None)
    event.pop("extra", None)
    return event
