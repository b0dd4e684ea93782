"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel.audit import acts
from ims_kernel.identity import permissions


class SigninConfig(AppConfig):
    name = "ims_kernel.signin"
    label = "signin"
    verbose_name = "Signing in"

    def ready(self) -> None:
        from ims_kernel.records import kinds  # noqa: PLC0415 - models must be loaded
        from ims_kernel.signin import records  # noqa: PLC0415

        permissions.register(
            {
                "signin.configure": "Change how people sign in",
                "signin.reset_factor": "Reset the second factor of another person",
            },
            acts={"signin.configure": ("signin.check_provider",)},
        )
        acts.register(
            {
                "signin.sign_in": "Signed in",
                "signin.sign_out": "Signed out",
                "signin.refuse": "Sign-in refused",
                "signin.end_sessions": "Signed out everywhere else",
                "signin.set_password": "Password set",
                "signin.ask_reset": "Link for a new password asked for",
                "signin.add_factor": "Second factor added",
                "signin.remove_factor": "Second factor removed",
                "signin.reset_factor": "Second factor reset",
                "signin.make_recovery_codes": "Recovery codes made",
                "signin.use_recovery_code": "Recovery code used",
                "signin.link_provider": "Linked with single sign-on",
                "signin.check_provider": "Single sign-on checked",
            }
        )
        kinds.register(records.SIGN_IN)
