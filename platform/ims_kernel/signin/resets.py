"""Asking for a link to choose a new password."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ims_kernel.audit.services import record
from ims_kernel.identity import accounts
from ims_kernel.signin import limits
from ims_kernel.signin.signing_in import NOBODY, about
from ims_kernel.signin.tasks import send_reset_link


def ask(email: str, *, site: str, at: datetime) -> None:
    """Send a link to the person of this address, if there is one. Says nothing either way.

    `site` is the address of the council. At most three letters an hour go to one person.
    """
    address = email.strip().lower()
    if not limits.within(limits.RESET_PERSON, address, at=at):
        return
    with transaction.atomic():
        user = accounts.open_account_of(address)
        if user is not None:
            record(NOBODY, "signin.ask_reset", about(user), at=at)
            send_reset_link.enqueue(user_id=user.pk, site=site)
