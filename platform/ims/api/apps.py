"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class ApiConfig(AppConfig):
    name = "ims.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        permissions.register(
            {
                "api.check_references": "Check account references through the API",
            }
        )
        acts.register({"accounts.read": "Looked accounts up through the API"})
