"""The app's manifest."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "ims_billing"
    label = "billing"
    verbose_name = "Billing"
