"""What there is besides the pages every kind has: links on a kind's own pages, and other pages.

A page of its own for one kind (a test bench, a preview, a check of a connection) is a line in
EXTRAS, and then stands on the list of that kind or on the page of each record. What a council sets
up that is no kind of setting, such as its people, is a line in PAGES and stands on the first page.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.urls import reverse

from ims_kernel.identity.permissions import Actor
from ims_kernel.records.kinds import Kind
from ims_kernel.records.selectors import Record


class Extra(NamedTuple):
    """A link: its words, the name of its address, and the permission that shows it.

    `of_record`: the address takes the key of the record, and the link is on the record's page.
    """

    text: str
    url_name: str
    permission: str
    of_record: bool = False


class Page(NamedTuple):
    """A page among the settings: its section there, its name, and what it is for."""

    section: str
    text: str
    sentence: str
    url_name: str
    permission: str


EXTRAS: Mapping[str, tuple[Extra, ...]] = MappingProxyType(
    {
        "payment-accounts": (
            Extra(
                "Check connection",
                "payment_account_connection",
                "settings.view",
                of_record=True,
            ),
        ),
        "reference-rules": (
            Extra("Try a reference", "reference_rule_test", "accounts.view", of_record=True),
            Extra("Test references", "reference_check", "accounts.view"),
        ),
        "sign-in": (
            Extra("Check single sign-on", "check_provider", "signin.configure", of_record=True),
        ),
        "wording": (Extra("Preview", "wording_preview", "settings.view", of_record=True),),
    }
)
PAGES: tuple[Page, ...] = (
    Page(
        "Council",
        "Settings as a file",
        "Download every setting, compare a file with what is set here, or bring settings over "
        "from a training council.",
        "setting_file",
        "settings.view",
    ),
    Page(
        "People",
        "People",
        "Who can sign in, and what each of them may do.",
        "people",
        "people.view",
    ),
    Page(
        "People",
        "Roles",
        "A role is a named set of permissions that people are given.",
        "roles",
        "people.view",
    ),
    Page(
        "People",
        "Who can do what, and who did",
        "Every permission with everyone who holds it, and when they last used it.",
        "access",
        "people.view",
    ),
    Page(
        "People",
        "Rules about people",
        "When an account sleeps, how long an invitation lasts, and what needs a second person.",
        "people_rules",
        "people.manage",
    ),
    Page(
        "Other systems",
        "API keys",
        "A key lets another system of the council ask this one.",
        "api_keys",
        "apikeys.manage",
    ),
)


def pages_for(actor: Actor) -> list[Page]:
    """The other pages that the actor may open."""
    return [page for page in PAGES if actor.may(page.permission)]


def extras_of(kind: Kind, record: Record | None, actor: Actor) -> list[tuple[str, str]]:
    """(words, address) of the links on a record's page, or on the list when `record` is None."""
    # The address of the only record there is has no key in it.
    takes_key = record is not None and not kind.single
    return [
        (each.text, reverse(each.url_name, args=(record.key,) if takes_key and record else ()))
        for each in EXTRAS.get(kind.slug, ())
        if each.of_record == (record is not None) and actor.may(each.permission)
    ]
