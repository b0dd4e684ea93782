"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "ims.council"
    label = "council"
    verbose_name = "Council"
