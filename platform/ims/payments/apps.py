"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig

from ims.payments.secret_shapes import why_not_here
from ims_kernel.audit import acts
from ims_kernel.identity import permissions
from ims_kernel.records import texts


class PaymentsConfig(AppConfig):
    name = "ims.payments"
    label = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        from ims.payments.records import PAYMENT_ACCOUNTS  # noqa: PLC0415 - models must be loaded
        from ims_kernel.records import kinds  # noqa: PLC0415 - its models too

        permissions.register(
            {"payments.configure": "Set up and check accounts at payment providers"}
        )
        acts.register({"payments.ask_provider": "Asked a provider whether it takes our keys"})
        texts.register("secrets", why_not_here)
        kinds.register(PAYMENT_ACCOUNTS)
