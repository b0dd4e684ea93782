"""The app's manifest."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ims_kernel.audit"
    label = "audit"
    verbose_name = "Audit"
