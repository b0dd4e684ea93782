"""What a file would change, for people: by kind of setting, and by record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ims.backoffice.settings.showing import Difference, address, capital
from ims_kernel.configuration import applying
from ims_kernel.configuration.applying import Change
from ims_kernel.records.kinds import get_kind

# What is said of a change, its colour, and how a number of them is called.
TAGS = {
    applying.ADDED: ("Added", "green", "added"),
    applying.CHANGED: ("Changed", "blue", "changed"),
    applying.RETIRED: ("Retired", "grey", "retired"),
    applying.RESTORED: ("Put back into use", "turquoise", "put back into use"),
    applying.WAITING: ("Needs a second person", "yellow", "for a second person to approve"),
    applying.WAITING_ALREADY: ("Waiting already", "orange", "waiting for a second person already"),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One record: its page when it is there already, its tag, and its fields.

    `is_new`: nothing was there before.
    """

    title: str
    href: str
    tag: tuple[str, str]
    is_new: bool
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one kind of setting."""

    title: str
    sentence: str
    changes: list[ShownChange]


def groups(changes: Iterable[Change]) -> list[Group]:
    """The changes by kind, in the order they are made."""
    found = []
    for slug, members in groupby(changes, lambda change: change.slug):
        kind = get_kind(slug)
        title = capital(kind.singular if kind.single else kind.plural)
        shown = [_shown(change) for change in members]
        found.append(Group(title, kind.sentence, shown))
    return found


def _shown(change: Change) -> ShownChange:
    kind = get_kind(change.slug)
    text, colour, _ = TAGS[change.what]
    is_new = not change.before and bool(change.after)
    fields = {**change.before, **change.after}
    differences = [
        Difference(label, change.before.get(label) or "–", change.after.get(label) or "–")
        for label in fields
        # A new record is told by what it is set to.
        if not is_new or change.after.get(label)
    ]
    there = not is_new or "State" in change.after
    return ShownChange(
        capital(kind.singular) if kind.single else change.key,
        address(kind, change.key) if there else "",
        (text, colour),
        is_new,
        differences,
    )


def counts(changes: Iterable[Change]) -> list[tuple[str, int]]:
    """How many records are added, changed and so on; those there are."""
    all_of = [change.what for change in changes]
    return [(TAGS[what][2], all_of.count(what)) for what in TAGS if what in all_of]
