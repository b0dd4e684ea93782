"""The app's manifest."""

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "ims.backoffice"
    label = "backoffice"
