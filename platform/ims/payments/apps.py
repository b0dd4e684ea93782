"""The app's manifest."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "ims.payments"
    label = "payments"
    verbose_name = "Payments"
