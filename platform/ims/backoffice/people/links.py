"""The address of an invitation, and the e-mail it goes out in."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from ims_kernel.web.dates import format_instant
from ims_tenants import current
from ims_tenants.selectors import primary_host

log = structlog.get_logger(__name__)

_HTTP, _HTTPS = 80, 443


def invitation_url(token: str) -> str:
    """The link for a token of the council at hand, on the council's own host.

    Never on the host somebody asked with: that is theirs to choose, and the link would lead there.
    """
    host = primary_host(current.council())
    path = reverse("invitation", args=[token], urlconf="ims_config.urls_council")
    if settings.SESSION_COOKIE_SECURE:
        return f"https://{host}{path}"
    port = "" if settings.IMS_PORT == _HTTP else f":{settings.IMS_PORT}"
    return f"http://{host}{port}{path}"


def send_invitation(*, email: str, url: str, invited_by: str, expires_at: object) -> bool:
    """Send the link, when this service sends e-mail; returns whether it went out.

    A mail server that is down must not undo an invitation: the inviter has the link too.
    """
    if not getattr(settings, "IMS_SENDS_EMAIL", False):
        return False
    name = current.council().name
    body = (
        f"{invited_by} has invited you to the income management service of {name}.\n\n"
        f"Choose a password here: {url}\n\n"
        f"The link works once, until {format_instant(expires_at)}. "  # type: ignore[arg-type]
        f"If you did not expect this, do nothing and tell {name}.\n"
    )
    message = EmailMessage(subject=f"Sign in to {name}", body=body, to=[email])
    try:
        message.send()
    except OSError:
        log.exception("invitation_not_sent")
        return False
    return True
