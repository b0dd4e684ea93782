"""The app's manifest."""

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "ims_kernel.crypto"
    label = "crypto"
    verbose_name = "Keys"

    def ready(self) -> None:
        from ims_kernel.crypto import checks  # noqa: F401, PLC0415 - models must be loaded
