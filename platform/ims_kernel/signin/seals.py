"""Secrets of second factors, sealed with the council's own key."""

from __future__ import annotations

import base64
import binascii

from ims_kernel.crypto import keys
from ims_kernel.crypto.envelope import Place
from ims_kernel.crypto.errors import SealBroken
from ims_kernel.scope import scope_id


def _place() -> Place:
    # allauth does not say whose row a text is for, so the seal holds for the council as a whole.
    return Place(scope_id(), "mfa_authenticator", "data", "factor")


def seal_text(text: str) -> str:
    """The text as it may stand in the database, or in a session while it is being set up."""
    return base64.b64encode(keys.ring().seal(text.encode(), _place())).decode()


def open_text(sealed: str) -> str:
    """The text. Raises SealBroken for one that was changed or comes from another council."""
    try:
        stored = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken(
            "A second factor is not as it was stored. Reset it, and let the person set it up again."
        ) from error
    return keys.ring().unseal(stored, _place()).decode()
