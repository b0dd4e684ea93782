"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.identity import permissions


class SuspenseConfig(AppConfig):
    name = "ims.suspense"
    label = "suspense"
    verbose_name = "Suspense"

    def ready(self) -> None:
        permissions.register(
            {
                "suspense.view": "See suspense",
                "suspense.allocate": "Allocate suspense to accounts",
            }
        )
