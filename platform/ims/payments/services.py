"""Checking that a payment provider accepts what an account was told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from ims.payments.errors import AccountChanged
from ims.payments.models import ProviderAccount
from ims.payments.providers.port import Config, Health, Provider, unwell
from ims.payments.providers.registry import get_provider
from ims.payments.selectors import get_account
from ims_kernel.audit.services import Subject, record
from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import Actor


def check_connection(code: str, *, actor: Actor, at: datetime) -> Health:
    """Ask the provider something harmless with the account's credentials, and keep the outcome.

    No transaction is open while the provider is asked. A provider that cannot be reached is an
    outcome too. Raises AccountNotFound, AccountChanged when the account was changed meanwhile, or a
    crypto error when its credentials cannot be opened.
    """
    actor.require("payments.configure")
    account = get_account(code)
    provider = get_provider(account.provider)
    health = _ask(provider, account, at=at)
    with transaction.atomic():
        locked = ProviderAccount.objects.select_for_update().get(pk=account.pk)
        if locked.revision != account.revision:
            raise AccountChanged(
                f"{locked} was changed while its connection was checked. Check it again."
            )
        locked.checked_at, locked.check_ok = at, health.ok
        locked.check_words = health.words[:300]
        locked.save(update_fields=["checked_at", "check_ok", "check_words"])
        record(
            actor, "payments.ask_provider", Subject("payment-accounts", code), at=at,
            provider=account.provider, mode=account.mode, ok=health.ok, said=health.words[:300],
        )  # fmt: skip
    return health


def _ask(provider: Provider, account: ProviderAccount, *, at: datetime) -> Health:
    try:
        return provider.check_config(config_of(provider, account), at=at)
    except _Missing as missing:
        return unwell(missing.words)
    except ImsError as error:
        if not error.code.startswith("http."):
            raise
        return unwell(error.message)


class _Missing(Exception):
    """The account lacks a credential its provider needs."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def config_of(provider: Provider, account: ProviderAccount) -> Config:
    """The account's settings, opened for one call to its provider."""
    credentials = account.credentials.reveal() if account.credentials is not None else {}
    for each in provider.fields:
        held = credentials if each.secret else account.identifiers
        if not each.optional and not held.get(each.name):
            raise _Missing(f"The account has no {each.label} yet. Enter it, then check again.")
    # The operator's own setting, for a simulator; never a council's or a person's.
    base = settings.IMS_PROVIDER_ADDRESSES.get(provider.kind, provider.bases.get(account.mode, ""))
    return Config(account.mode, base, account.identifiers, credentials)
