"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions
from ims_tenants import meters, provisioning


class LedgerConfig(AppConfig):
    name = "ims.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        from ims.funds import vat_changes  # noqa: PLC0415 - models must be loaded
        from ims.ledger import selectors  # noqa: PLC0415
        from ims.ledger.provisioning import provision  # noqa: PLC0415
        from ims.ledger.tasks import seal_ledger  # noqa: PLC0415
        from ims_kernel.jobs import schedules  # noqa: PLC0415
        from ims_kernel.records import uses  # noqa: PLC0415

        vat_changes.register("ledger", selectors.has_lines_at)
        uses.register("funds", selectors.SOME_LINES, selectors.line_counter("fund"))
        uses.register("methods", selectors.SOME_LINES, selectors.line_counter("method"))
        uses.register("vat-codes", selectors.SOME_LINES, selectors.line_counter("vat_code"))
        permissions.register(
            {
                "ledger.view": "See transactions",
                "ledger.reverse": "Reverse a transaction",
            },
            scoped_by=("fund",),
            acts={"ledger.view": ("ledger.read", "transactions.download")},
        )
        permissions.register({"ledger.close_period": "Close an accounting period"})
        provisioning.register("ledger", provision, order=5)
        meters.register("ledger_lines", selectors.count_lines)
        schedules.register("seal", schedules.Schedule(seal_ledger, selectors.has_unsealed))
        acts.register(
            {
                "ledger.reverse": "Reversed a transaction",
                "ledger.close_period": "Closed an accounting period",
                "ledger.read": "Looked at a transaction",
            }
        )
