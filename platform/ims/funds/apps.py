"""The app's manifest."""

from django.apps import AppConfig

from ims_tenants import provisioning


class FundsConfig(AppConfig):
    name = "ims.funds"
    label = "funds"
    verbose_name = "Funds"

    def ready(self) -> None:
        from ims.funds.provisioning import provision  # noqa: PLC0415 - models must be loaded

        provisioning.register("funds", provision, order=10)
