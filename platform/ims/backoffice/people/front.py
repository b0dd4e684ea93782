"""The pages of people as the first page of the settings offers them."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from ims_kernel.permissions import Actor


class Offered(NamedTuple):
    """A page: its words, its address, and a sentence that says what it is for."""

    text: str
    href: str
    hint: str


_PAGES = (
    ("People", "people", "people.view", "Who can sign in, and what each of them may do."),
    ("Roles", "roles", "people.view", "Named sets of permissions that people are given."),
    (
        "Who can do what, and who did", "access", "people.view",
        "Every permission with everyone who holds it, and when they last used it.",
    ),
    (
        "Rules about people", "people_rules", "people.manage",
        "When an account sleeps, how long an invitation lasts, and what needs a second person.",
    ),
)  # fmt: skip


def offered(actor: Actor) -> list[Offered]:
    """The pages this person may open."""
    return [
        Offered(text, reverse(name), hint)
        for text, name, permission, hint in _PAGES
        if actor.may(permission)
    ]
