"""A new council's messages, in the words they begin with, and the settings of its starter pack."""

from __future__ import annotations

from ims.council.messages import MESSAGES
from ims.council.models import Wording
from ims_kernel import clock
from ims_kernel.configuration import applying, document
from ims_kernel.permissions import system
from ims_kernel.records.services import Asked


def provision(_starter: bytes) -> None:
    """Make the messages that are missing. Idempotent; what the council worded is left alone."""
    for message in MESSAGES.values():
        Wording.objects.get_or_create(
            code=message.code, defaults={"subject": message.subject, "body": message.body}
        )


def set_up(starter: bytes) -> None:
    """Apply the starter pack, a configuration file (docs/reference/configuration-file.md).

    Raises FileUnreadable, WrongSchema or FileRefused with the line and field.
    """
    if starter:
        actor = system("ims council create")
        asked = Asked(actor, clock.now(), reason="Starter pack")
        applying.apply(document.read(starter), applying.by_the_service(asked))
