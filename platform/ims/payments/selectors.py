"""Questions about payment provider accounts."""

from __future__ import annotations

from ims.payments.errors import AccountNotFound
from ims.payments.models import ProviderAccount


def list_accounts() -> list[ProviderAccount]:
    """Every account, those in use first. Credentials stay sealed."""
    return list(ProviderAccount.objects.order_by("-is_active", "code"))


def get_account(code: str) -> ProviderAccount:
    """One account. Raises AccountNotFound."""
    found = ProviderAccount.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise AccountNotFound(
            f"There is no payment provider account “{code[:20]}”. Go back to the list."
        )
    return found
