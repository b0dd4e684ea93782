"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.identity import permissions
from ims_tenants import provisioning


class ExportsConfig(AppConfig):
    name = "ims.exports"
    label = "exports"
    verbose_name = "Ledger files"

    def ready(self) -> None:
        from ims.exports.provisioning import provision  # noqa: PLC0415 - models must be loaded

        permissions.register(
            {
                "exports.view": "See and download ledger files",
                "exports.run": "Make ledger files, and say what became of them",
                "exports.configure": "Change the layouts of ledger files",
            }
        )
        provisioning.register("exports", provision, order=40)
