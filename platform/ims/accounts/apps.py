"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions
from ims_kernel.records import kinds


class AccountsConfig(AppConfig):
    name = "ims.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from ims.accounts.reference_records import (  # noqa: PLC0415
            CHECK_DIGITS,
            REFERENCE_RULES,
        )
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
        acts.register({"accounts.download_reference_check": "Downloaded tested references"})
        kinds.register(CHECK_DIGITS)
        kinds.register(REFERENCE_RULES)
        schedules.register("accounts", schedules.Schedule(resume_account_loads, has_unfinished))
