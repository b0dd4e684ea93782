"""Fields that several settings of the money side have."""

from __future__ import annotations

from django.db import models

from ims.funds.choices import Channel, every_channel
from ims_kernel.records.fields import Choices, Money, Options, Text

SECTION, CHANGE = "Money", "funds.configure"


def options_of(choices: type[models.TextChoices]) -> Options:
    """The options of a field from the choices of a model."""
    return tuple((str(value), str(label)) for value, label in choices.choices)


def code_field(max_length: int) -> Text:
    """The code that names a record."""
    return Text(
        name="code",
        label="Code",
        hint=f"Up to {max_length} letters and digits. It cannot be changed later.",
        max_length=max_length,
        pattern="[A-Z0-9]+",
        pattern_words="capital letters and digits only",
        uppercase=True,
        fixed=True,
    )


def name_field(max_length: int, hint: str = "") -> Text:
    """The name beside the code."""
    return Text(name="name", label="Name", hint=hint, max_length=max_length)


def limit_fields(heading: str) -> tuple[Money, Money]:
    """The smallest and largest amount of one payment; `heading` starts their section."""
    return (
        Money(
            name="min_pence",
            label="Smallest amount",
            hint="Of one payment. Leave it empty for no limit.",
            optional=True,
            heading=heading,
        ),
        Money(
            name="max_pence",
            label="Largest amount",
            hint="Of one payment. Leave it empty for no limit.",
            optional=True,
        ),
    )


def channel_field(what: str) -> Choices:
    """The channels that something is open to; `what` completes “the ways in which …”."""
    return Choices(
        name="channels",
        label="Open to",
        hint=f"The ways in which {what}. With none chosen it is not offered anywhere.",
        options=options_of(Channel),
        default=every_channel(),
        optional=True,
    )
