"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions
from ims_kernel.records import kinds, uses

_ACTS = {
    "accounts.download_reference_check": "Downloaded tested references",
    "accounts.add": "Added an account by hand",
    "accounts.change": "Changed an account by hand",
    "accounts.close": "Closed an account by hand",
    "accounts.reopen": "Opened an account again by hand",
    "accounts.receive_load": "Received a file of accounts",
    "accounts.read_load_again": "Compared a file of accounts again",
    "accounts.discard_load": "Discarded a file of accounts",
    "accounts.request_apply": "Started applying a file of accounts",
    "accounts.apply_load": "Applied a file of accounts",
    "accounts.read": "Looked at an account",
    "accounts.download": "Downloaded lines of a file of accounts",
}


class AccountsConfig(AppConfig):
    name = "ims.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from ims.accounts import message_records  # noqa: PLC0415 - models must be loaded
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
            },
            scoped_by=("fund",),
            acts={
                "accounts.view": (
                    "account.read",
                    "accounts.read",
                    "accounts.download_reference_check",
                ),
                "accounts.edit": (
                    "accounts.add",
                    "accounts.change",
                    "accounts.close",
                    "accounts.reopen",
                ),
            },
        )
        permissions.register(
            {"accounts.configure": "Change reference rules, check digits and account messages"}
        )
        acts.register(_ACTS)
        kinds.register(CHECK_DIGITS)
        kinds.register(REFERENCE_RULES)
        kinds.register(message_records.FILES)
        kinds.register(message_records.MESSAGES)
        uses.register(
            message_records.MESSAGES.slug, message_records.USES, message_records.accounts_with
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
