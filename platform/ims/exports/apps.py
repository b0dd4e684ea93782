"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class ExportsConfig(AppConfig):
    name = "ims.exports"
    label = "exports"
    verbose_name = "Ledger files"

    def ready(self) -> None:
        from ims.exports.records import KINDS  # noqa: PLC0415
        from ims.exports.selectors import count_of_layout  # noqa: PLC0415
        from ims_kernel.records import kinds, uses  # noqa: PLC0415

        kinds.register(*KINDS)
        uses.register("ledger-formats", "ledger files", count_of_layout, href="/exports")
        permissions.register(
            {
                "exports.view": "See and download ledger files",
                "exports.run": "Make ledger files, and say what became of them",
                "exports.configure": "Change the layouts of ledger files",
            },
            acts={
                "exports.view": ("exports.download",),
                "exports.run": ("exports.run", "exports.send", "exports.accept", "exports.reject"),
                "exports.configure": ("exports.save_layout",),
            },
        )
        acts.register(
            {
                "exports.run": "Made a ledger file",
                "exports.fail": "Could not make a ledger file",
                "exports.send": "Said a ledger file was sent",
                "exports.accept": "Said a ledger file was accepted",
                "exports.reject": "Rejected a ledger file",
                "exports.download": "Downloaded a ledger file",
                "exports.save_layout": "Saved a ledger file layout",
            }
        )
