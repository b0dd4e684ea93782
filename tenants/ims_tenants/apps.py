"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class TenantsConfig(AppConfig):
    name = "ims_tenants"
    verbose_name = "Councils"

    def ready(self) -> None:
        from ims_tenants import checks, startup  # noqa: F401, PLC0415 - models must be loaded

        permissions.register({"councils.view": "See the list of councils"})
        acts.register({"keys.rotate": "Changed the keys that protect stored secrets"})
        startup.connect()
        acts.register(
            {
                "councils.create": "Made a council",
                "councils.step": "Moved a council on",
                "councils.pair": "Made a council the training council of another",
                "councils.unpair": "Ended a pair of council and training council",
                "councils.reanchor": "Took a restored council’s chains as they end",
            }
        )
