"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.identity import permissions
from ims_tenants import provisioning


class CouncilConfig(AppConfig):
    name = "ims.council"
    label = "council"
    verbose_name = "Council"

    def ready(self) -> None:
        from ims.council import records  # noqa: PLC0415 - models must be loaded
        from ims.council.provisioning import provision, set_up  # noqa: PLC0415
        from ims_kernel.records import kinds  # noqa: PLC0415

        permissions.register(
            {
                "council.configure": (
                    "Change the council’s look, words, banners and how long things are kept"
                )
            }
        )
        provisioning.register("council", provision, order=30)
        provisioning.register("settings", set_up, order=40)
        kinds.register(records.COUNCIL)
        kinds.register(records.BANNERS)
        kinds.register(records.WORDING)
