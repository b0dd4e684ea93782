"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class ImportsConfig(AppConfig):
    name = "ims.imports"
    label = "imports"
    verbose_name = "Imports"

    def ready(self) -> None:
        from ims.imports import selectors  # noqa: PLC0415 - models must be loaded
        from ims.imports.records import KINDS  # noqa: PLC0415
        from ims.imports.tasks import has_unfinished, resume_imports  # noqa: PLC0415
        from ims_kernel.jobs import schedules  # noqa: PLC0415
        from ims_kernel.records import kinds, uses  # noqa: PLC0415

        kinds.register(*KINDS)
        uses.register("import-profiles", "imports", selectors.count_of_profile, href="/imports")
        uses.register(
            "funds", "import rules in use", selectors.count_rules_to, href="/settings/import-rules"
        )
        uses.register(
            "funds",
            "open suspense items that came for it",
            selectors.count_suspense_for,
            href="/suspense",
            blocks=True,
        )
        permissions.register(
            {
                "imports.view": "See imports",
                "imports.upload": "Upload and discard bank files",
                "imports.post": "Post imported files",
                "imports.configure": "Change import profiles and rules",
            },
            acts={
                "imports.upload": ("imports.receive", "imports.discard", "imports.read_again"),
            },
        )
        schedules.register("imports", schedules.Schedule(resume_imports, has_unfinished))
        acts.register(
            {
                "imports.receive": "Uploaded a bank file",
                "imports.discard": "Discarded a bank file",
                "imports.read_again": "Applied the rules again",
                "imports.post": "Started posting a bank file",
                "imports.finish": "Finished posting a bank file",
                "imports.download": "Downloaded rejected lines",
            }
        )
