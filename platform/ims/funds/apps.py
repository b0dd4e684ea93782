"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel import permissions
from ims_kernel.identity import scopes
from ims_tenants import provisioning


class FundsConfig(AppConfig):
    name = "ims.funds"
    label = "funds"
    verbose_name = "Funds"

    def ready(self) -> None:
        from ims.funds import records  # noqa: PLC0415
        from ims.funds.provisioning import provision  # noqa: PLC0415 - models must be loaded
        from ims.funds.scopes import dimension  # noqa: PLC0415
        from ims.funds.selectors import count_only_journal, count_only_suspense  # noqa: PLC0415
        from ims_kernel.records import kinds, uses  # noqa: PLC0415

        kinds.register(records.MONEY)
        kinds.register(records.VAT_CODES)
        kinds.register(records.COST_CENTRES)
        kinds.register(records.OFFICES)
        kinds.register(records.FUNDS)
        kinds.register(records.FUND_GROUPS)
        kinds.register(records.METHODS)
        uses.register("funds", "job as the suspense fund", count_only_suspense, blocks=True)
        uses.register("methods", "job as the method for journals", count_only_journal, blocks=True)
        permissions.register(
            {
                "funds.configure": "Change funds, VAT, methods of payment and offices",
            }
        )
        scopes.register(dimension())
        provisioning.register("funds", provision, order=10)
