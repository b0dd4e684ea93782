"""The form that asks again who it is: a code for those who have an app, else the password."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.hashers import check_password

from ims_kernel.signin import factors, limits
from ims_kernel.web.forms import PageForm

if TYPE_CHECKING:
    from ims_kernel.identity.models import User


class ProofForm(PageForm):
    """One field, for a code or a password."""

    proof = forms.CharField(max_length=1000, strip=False)

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["proof"]
        label = "Code" if with_code else "Password"
        complete = "one-time-code" if with_code else "current-password"
        field.label = label
        field.help_text = "6 digits from your authenticator app" if with_code else ""
        kind = forms.TextInput if with_code else forms.PasswordInput
        field.widget = kind(attrs={"autocomplete": complete})
        field.error_messages["required"] = f"Enter your {label.lower()}"
        self.wrong = f"This {label.lower()} is not right"


def is_proof(user: User, given: str, *, at: datetime) -> bool:
    """Whether the code or password is the person's.

    Raises CodeRefused for a wrong code, and TooManyTries.
    """
    if factors.of(user).app is not None:
        factors.check_code(user, given, at=at)
        return True
    limits.spend(limits.PROOF, str(user.pk), at=at)
    if not check_password(given, user.password):
        return False
    limits.forget(limits.PROOF, str(user.pk))
    return True
