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
        permissions.register(
            {"settings.apply_file": "Apply a configuration file"},
            acts={"settings.apply_file": ("configuration.apply", "configuration.compare")},
        )
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
                "configuration.compare": "Compared a configuration file with the settings",
                "configuration.download": "Downloaded the settings as a file",
                "configuration.read": "Read the settings for another council",
            }
        )
