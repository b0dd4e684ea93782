"""Questions about the council itself: its words, banners, help and logo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.db.models import Q

from ims.council.errors import LogoMissing, MessageUnknown
from ims.council.messages import MESSAGES, Message
from ims.council.models import Banner, CouncilSettings, Wording
from ims.council.placeholders import fill
from ims_kernel import files

STAFF, PAYERS = "staff", "payers"


@dataclass(frozen=True, slots=True)
class Words:
    """A message ready to send: plain text, the subject on one line."""

    subject: str
    body: str


def council_settings() -> CouncilSettings:
    """What is true for the whole council; unsaved defaults until somebody sets it. One query."""
    return CouncilSettings.objects.first() or CouncilSettings()


def banners_showing(place: str, *, on: date) -> list[Banner]:
    """The banners of `staff` or `payers` pages on a day, the most urgent first. One query."""
    found = Banner.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on),
        Q(ends_on=None) | Q(ends_on__gte=on),
        is_active=True,
        places__contains=[place],
    )
    rank = {"urgent": 0, "warning": 1}
    return sorted(found, key=lambda banner: (rank.get(banner.severity, 2), banner.code))


def get_message(code: str) -> Message:
    """One kind of message. Raises MessageUnknown."""
    if code not in MESSAGES:
        raise MessageUnknown(f"There is no message “{code[:20]}”. Go back to the list.")
    return MESSAGES[code]


def worded(code: str) -> Words:
    """The council's own words for a message, or those it began with, not yet filled in."""
    message = get_message(code)
    own = Wording.objects.filter(code=code, is_active=True).first()
    return Words(own.subject, own.body) if own else Words(message.subject, message.body)


def compose(code: str, values: dict[str, str]) -> Words:
    """A message with its values. Raises MessageUnknown."""
    words = worded(code)
    return Words(fill(words.subject, values, one_line=True), fill(words.body, values))


def preview(code: str, *, council_name: str) -> Words:
    """A message with examples in place of values, and the council's own name and help."""
    samples = {each.name: each.sample for each in get_message(code).placeholders}
    samples["council"] = council_name
    if contact := council_settings().help_contact:
        samples["help"] = contact
    return compose(code, samples)


def open_logo(mark: str) -> tuple[BinaryIO, str]:
    """The logo and its media type. Raises LogoMissing for any mark but the present one's."""
    found = council_settings()
    if not mark or mark != found.logo_mark:
        raise LogoMissing("There is no such logo. Open the page again.")
    return files.open_stored(found.logo_path), found.logo_type
