"""The app's manifest."""

from django.apps import AppConfig

from ims_tenants import provisioning


class BackofficeConfig(AppConfig):
    name = "ims.backoffice"
    label = "backoffice"

    def ready(self) -> None:
        from ims.backoffice.roles import provision  # noqa: PLC0415 - models must be loaded

        provisioning.register("roles", provision, order=90)
