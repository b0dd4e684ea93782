"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.identity import permissions


class RecordsConfig(AppConfig):
    name = "ims_kernel.records"
    label = "settings"
    verbose_name = "Settings"

    def ready(self) -> None:
        permissions.register({"settings.view": "See the council's settings"})
