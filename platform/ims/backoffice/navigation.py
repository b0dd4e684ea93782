"""The sections of the back office, each shown to those who may open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ims_kernel.web.theme import NavItem


class Section(NamedTuple):
    """A section: its name, its first page, and the permission that shows it."""

    text: str
    href: str
    permission: str


SECTIONS = (
    Section("Dashboard", "/", "ledger.view"),
    Section("Transactions", "/transactions", "ledger.view"),
    Section("Accounts", "/accounts", "accounts.view"),
    Section("Imports", "/imports", "imports.view"),
    Section("Suspense", "/suspense", "suspense.view"),
    Section("Exports", "/exports", "exports.view"),
    Section("Settings", "/settings", "settings.view"),
    Section("Audit", "/audit", "audit.view"),
)


class SectionsOnRequest:
    """`request.navigation`: the sections the person may open, worked out when a page asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.navigation = SimpleLazyObject(lambda: sections_for(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def sections_for(request: HttpRequest) -> list[NavItem]:
    """The navigation of this request. Empty on the public host."""
    if getattr(request, "council", None) is None:
        return []
    here = request.path
    return [
        NavItem(
            section.text,
            section.href,
            current=here == section.href or (section.href != "/" and here.startswith(section.href)),
        )
        for section in SECTIONS
        if request.actor.may(section.permission)  # type: ignore[attr-defined]
    ]
