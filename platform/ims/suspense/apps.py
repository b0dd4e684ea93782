"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class SuspenseConfig(AppConfig):
    name = "ims.suspense"
    label = "suspense"
    verbose_name = "Suspense"

    def ready(self) -> None:
        from ims.ledger import reversals  # noqa: PLC0415 - models must be loaded
        from ims.suspense.reversing import follow  # noqa: PLC0415
        from ims.suspense.selectors import count_open_in  # noqa: PLC0415
        from ims_kernel.records import uses  # noqa: PLC0415

        reversals.register("suspense", follow)
        uses.register("funds", "open suspense items", count_open_in, href="/suspense", blocks=True)
        permissions.register(
            {
                "suspense.view": "See suspense",
                "suspense.allocate": "Allocate suspense to accounts",
            },
            scoped_by=("fund",),
            acts={"suspense.view": ("suspense.read",)},
        )
        acts.register(
            {
                "suspense.allocate": "Allocated from suspense",
                "suspense.read": "Looked at a suspense item",
            }
        )
