"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "ims.api"
    label = "api"
    verbose_name = "API"
