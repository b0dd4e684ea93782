"""The app's manifest."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "ims_tenants"
    verbose_name = "Councils"

    def ready(self) -> None:
        from ims_tenants import checks, startup  # noqa: F401, PLC0415 - models must be loaded

        startup.connect()
