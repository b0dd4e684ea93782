"""Questions about payment provider accounts."""

from __future__ import annotations

from ims.payments.errors import AccountNotFound
from ims.payments.models import ProviderAccount
from ims.payments.providers.registry import get_provider


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


def described(account: ProviderAccount) -> tuple[str, list[tuple[str, str]]]:
    """The provider's name, and what is held of the account as (label, words).

    Of a credential only whether it is stored.
    """
    provider = get_provider(account.provider)
    found = [("Provider", provider.name), ("Mode", account.get_mode_display())]
    for each in provider.fields:
        if each.secret:
            words = "Stored" if each.name in account.credentials_held else "Not entered"
        else:
            words = account.identifiers.get(each.name, "") or "Not entered"
        found.append((each.label, words))
    return provider.name, found
