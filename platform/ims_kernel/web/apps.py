"""The manifest of the pages: static files and templates are found through it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages. No models, no queries."""

    name = "ims_kernel.web"
    label = "web"
