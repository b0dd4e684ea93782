"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts


class ReportsConfig(AppConfig):
    name = "ims.reports"
    label = "reports"

    def ready(self) -> None:
        acts.register(
            {
                "transactions.download": "Downloaded transactions",
            }
        )
