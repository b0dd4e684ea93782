"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class ReceiptsConfig(AppConfig):
    name = "ims.receipts"
    label = "receipts"
    verbose_name = "Receipts"

    def ready(self) -> None:
        permissions.register({"receipts.take": "Take money"}, scoped_by=("fund",))
        acts.register(
            {
                "receipts.take": "Took money",
            }
        )
