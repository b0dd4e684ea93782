"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "ims_kernel.records"
    label = "records"
    verbose_name = "Settings"
