"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class RecordsConfig(AppConfig):
    name = "ims_kernel.records"
    label = "settings"
    verbose_name = "Settings"

    def ready(self) -> None:
        permissions.register({"settings.view": "See the council's settings"})
        acts.register(
            {
                "settings.add": "Added a setting",
                "settings.change": "Changed a setting",
                "settings.retire": "Retired a setting",
                "settings.restore": "Restored a setting",
                "settings.propose": "Proposed a change of a setting",
                "settings.approve": "Approved a proposed change",
                "settings.refuse": "Refused a proposed change",
                "configuration.apply": "Applied a configuration file",
            }
        )
