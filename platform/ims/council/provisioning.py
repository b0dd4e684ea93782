"""A new council's messages, in the words they begin with."""

from __future__ import annotations

from typing import Any

from ims.council.messages import MESSAGES
from ims.council.models import Wording


def provision(_starter: dict[str, Any]) -> None:
    """Make the messages that are missing. Idempotent; what the council worded is left alone."""
    for message in MESSAGES.values():
        Wording.objects.get_or_create(
            code=message.code, defaults={"subject": message.subject, "body": message.body}
        )
