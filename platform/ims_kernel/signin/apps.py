"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.identity import permissions


class SigninConfig(AppConfig):
    name = "ims_kernel.signin"
    label = "signin"
    verbose_name = "Signing in"

    def ready(self) -> None:
        permissions.register(
            {
                "signin.configure": "Change how people sign in",
                "signin.reset_factor": "Reset the second factor of another person",
            }
        )
