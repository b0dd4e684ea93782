"""What the accounts of a new council start with."""

from __future__ import annotations

from typing import Any

from ims.accounts.models import AccountLoadSettings


def provision(_starter: dict[str, Any]) -> None:
    """Write the limits of account files as they are by default. Idempotent."""
    AccountLoadSettings.objects.get_or_create(pk=1)
