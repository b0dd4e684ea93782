"""What every payment provider's adapter offers: what it must be told, and whether that works.

No Django, no database. An adapter is given its settings for one call and keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

TEST, LIVE = "test", "live"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value looks like: a pattern for the whole of it, and the words for people."""

    pattern: str
    words: str

    def fits(self, value: str) -> bool:
        """Whether the value has this shape."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One value an account of the provider needs.

    `shapes` maps the mode (test, live) to the shape it must have; a mode without one takes any.
    A `secret` is stored sealed and never shown; any other is an identifier people may see.
    """

    name: str
    label: str
    hint: str
    secret: bool
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    optional: bool = False
    max_length: int = 300


@dataclass(frozen=True, slots=True)
class Config:
    """What one account was told. `base` is the address to call; credentials are never shown."""

    mode: str
    base: str
    identifiers: Mapping[str, str]
    credentials: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Health:
    """What came of a check: whether payments would work, and a sentence that says so or why not."""

    ok: bool
    words: str


def well(words: str) -> Health:
    """Payments would work."""
    return Health(ok=True, words=words)


def unwell(words: str) -> Health:
    """Payments would not work, and why."""
    return Health(ok=False, words=words)


class Provider(Protocol):
    """A payment provider. Later issues add taking, cancelling and refunding payments."""

    @property
    def kind(self) -> str:
        """What is stored with an account. Never changes."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def fields(self) -> tuple[ConfigField, ...]:
        """What an account must be told."""
        ...

    @property
    def bases(self) -> Mapping[str, str]:
        """The address to call by mode."""
        ...

    def check_config(self, config: Config, *, at: datetime) -> Health:
        """Ask the provider something harmless with the account's own credentials.

        `at` is this instant, for providers that sign it. Raises ims_kernel.http errors when the
        provider cannot be asked.
        """
        ...


def same(shape: Shape) -> dict[str, Shape]:
    """One shape for both modes."""
    return {TEST: shape, LIVE: shape}


def by_status(name: str, status: int) -> Health:
    """What an unhappy status of an HTTP interface says about the credentials."""
    if status in (401, 403):
        return unwell(f"{name} does not accept these credentials. Make new ones there.")
    if status == 429:  # noqa: PLR2004 - RFC 6585, too many requests
        return unwell(f"{name} asks us to slow down. Wait a minute, then check again.")
    if status >= 500:  # noqa: PLR2004 - RFC 9110, the server's own trouble
        return unwell(f"{name} has trouble of its own (answer {status}). Check again later.")
    return unwell(f"{name} gave an answer we do not expect ({status}).")
