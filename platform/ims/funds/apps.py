"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.identity import permissions
from ims_tenants import provisioning


class FundsConfig(AppConfig):
    name = "ims.funds"
    label = "funds"
    verbose_name = "Funds"

    def ready(self) -> None:
        from ims.funds.provisioning import provision  # noqa: PLC0415 - models must be loaded

        permissions.register(
            {
                "funds.configure": "Change funds, VAT, methods of payment and offices",
            }
        )
        provisioning.register("funds", provision, order=10)
