"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel import clock, permissions
from ims_kernel.audit import acts


class AuditConfig(AppConfig):
    name = "ims_kernel.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from ims_kernel.audit import sealing  # noqa: PLC0415 - models must be loaded
        from ims_kernel.audit.tasks import seal_audit  # noqa: PLC0415
        from ims_kernel.jobs import schedules  # noqa: PLC0415

        permissions.register({"audit.view": "See who did what"})
        acts.register(
            {
                "audit.read": "Looked at the audit trail",
                # Made on the command line (ims_config), which is no app and registers nothing.
                "people.create": "Made a person who can sign in",
                "audit.download": "Downloaded the audit trail",
            }
        )
        schedules.register(
            "seal_audit", schedules.Schedule(seal_audit, lambda: sealing.is_due(clock.now()))
        )
