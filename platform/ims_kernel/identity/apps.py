"""The app's manifest."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "ims_kernel.identity"
    label = "identity"
    verbose_name = "People"
