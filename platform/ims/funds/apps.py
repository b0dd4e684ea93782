"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel import permissions
from ims_kernel.identity import scopes


class FundsConfig(AppConfig):
    name = "ims.funds"
    label = "funds"
    verbose_name = "Funds"

    def ready(self) -> None:
        from ims.funds.records import KINDS  # noqa: PLC0415
        from ims.funds.scopes import dimension  # noqa: PLC0415
        from ims.funds.selectors import count_only_journal, count_only_suspense  # noqa: PLC0415
        from ims_kernel.records import kinds, uses  # noqa: PLC0415

        kinds.register(*KINDS)
        uses.register("funds", "job as the suspense fund", count_only_suspense, blocks=True)
        uses.register("methods", "job as the method for journals", count_only_journal, blocks=True)
        permissions.register(
            {
                "funds.configure": "Change funds, VAT, methods of payment and offices",
            }
        )
        scopes.register(dimension())
