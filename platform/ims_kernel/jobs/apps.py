"""The app's manifest."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ims_kernel.jobs"
    label = "jobs"
    verbose_name = "Background work"
