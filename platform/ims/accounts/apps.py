"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
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
        acts.register(
            {
                "accounts.receive_load": "Uploaded an account file",
                "accounts.discard_load": "Discarded an account file",
                "accounts.read_load_again": "Read an account file again",
                "accounts.request_apply": "Started applying an account file",
                "accounts.apply_load": "Applied an account file",
                "accounts.add": "Added an account",
                "accounts.change": "Changed an account",
                "accounts.close": "Closed an account",
                "accounts.reopen": "Reopened an account",
            }
        )
