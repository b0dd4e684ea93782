"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.identity import permissions


class AccountsConfig(AppConfig):
    name = "ims.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from ims.accounts.tasks import (  # noqa: PLC0415 - models must be loaded
            has_unfinished,
            resume_account_loads,
        )
        from ims_kernel.jobs import schedules  # noqa: PLC0415

        permissions.register(
            {
                "accounts.view": "See accounts and their balances",
                "accounts.load": "Load files of accounts",
                "accounts.edit": "Add, change and close accounts by hand",
                "accounts.configure": "Change reference rules, check digits and account messages",
            }
        )
        schedules.register("accounts", schedules.Schedule(resume_account_loads, has_unfinished))
