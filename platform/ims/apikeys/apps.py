"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class ApikeysConfig(AppConfig):
    name = "ims.apikeys"
    label = "apikeys"
    verbose_name = "API keys"

    def ready(self) -> None:
        permissions.register({"apikeys.manage": "Make and revoke API keys"})
        acts.register({"apikeys.make": "Made an API key", "apikeys.revoke": "Revoked an API key"})
