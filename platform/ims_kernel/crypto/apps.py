"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts


class CryptoConfig(AppConfig):
    name = "ims_kernel.crypto"
    label = "crypto"
    verbose_name = "Keys"

    def ready(self) -> None:
        from ims_kernel.crypto import checks  # noqa: F401, PLC0415 - models must be loaded

        acts.register(
            {
                "keys.rotate": "Changed the keys of stored secrets",
            }
        )
