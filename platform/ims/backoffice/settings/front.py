"""The first page of the settings: every kind by section, and a search over all of them."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.setting_up import setting_up
from ims.backoffice.settings.extras import pages_for
from ims.backoffice.settings.showing import address, capital
from ims_kernel.identity.gate import requires
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors
from ims_kernel.records.kinds import Kind, all_kinds
from ims_kernel.web.forms import PageForm

_MOST_A_KIND = 10
# The order of the sections; one that is not named here comes after them.
_SECTIONS = (
    *("Council", "Money", "Accounts", "Payments", "Imports and exports", "Wording", "People"),
    "Other systems",
)


class EverywhereForm(PageForm):
    """What to look for in all settings."""

    text = forms.CharField(required=False, label="Search all settings", max_length=100)


class Found(NamedTuple):
    """One answer of the search: a record, or a kind of setting itself."""

    text: str
    href: str
    hint: str
    retired: bool = False


class Entry(NamedTuple):
    """A line of the first page. Counts are None for a page and for a kind with one record."""

    section: str
    text: str
    sentence: str
    href: str
    in_use: int | None = None
    retired: int = 0


@require_safe
@requires("settings.view")
def front(request: HttpRequest) -> HttpResponse:
    """Every kind of setting with how many there are; or the answers of a search."""
    actor = actor_of(request)
    kinds = [kind for kind in all_kinds() if actor.may(kind.see)]
    form = EverywhereForm(request.GET or None)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "found": _search(kinds, text, actor) if text else [],
        "sections": [] if text else _sections(_entries(kinds, actor)),
        "waiting": waiting_for(actor),
        "setting_up": None if text else setting_up(actor),
    }
    return render(request, "backoffice/settings/front.html", context)


def waiting_for(actor: Actor) -> int:
    """How many changes of kinds that the actor may see wait for a second person."""
    seen = {kind.slug for kind in all_kinds() if actor.may(kind.see)}
    return sum(change.kind_slug in seen for change in selectors.waiting_changes())


def _sections(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    def place(entry: Entry) -> tuple[int, str]:
        known = entry.section in _SECTIONS
        return (_SECTIONS.index(entry.section) if known else len(_SECTIONS), entry.section)

    ordered = sorted(entries, key=place)
    return [(section, list(members)) for section, members in groupby(ordered, lambda e: e.section)]


def _entries(kinds: list[Kind], actor: Actor) -> list[Entry]:
    return [
        *(_entry(kind) for kind in kinds),
        *(
            Entry(page.section, page.text, page.sentence, reverse(page.url_name))
            for page in pages_for(actor)
        ),
    ]


def _entry(kind: Kind) -> Entry:
    href = reverse("setting_kind", args=(kind.slug,))
    if kind.single:
        return Entry(kind.section, capital(kind.singular), kind.sentence, href)
    counts = selectors.counts(kind)
    return Entry(kind.section, capital(kind.plural), kind.sentence, href, *counts)


def _search(kinds: list[Kind], text: str, actor: Actor) -> list[Found]:
    wanted = text.casefold()
    found = [
        Found(
            capital(kind.singular if kind.single else kind.plural),
            reverse("setting_kind", args=(kind.slug,)),
            kind.sentence,
        )
        for kind in kinds
        if wanted in _about(kind)
    ]
    found += [
        Found(page.text, reverse(page.url_name), page.sentence)
        for page in pages_for(actor)
        if wanted in f"{page.text} {page.sentence}".casefold()
    ]
    for kind in kinds:
        if not kind.single:
            found += _records(kind, text)
    return found


def _about(kind: Kind) -> str:
    """What a kind and its fields are called, so that a field is found by its label."""
    labels = (each.label for each in kind.fields)
    return " \n".join((kind.singular, kind.plural, kind.sentence, *labels)).casefold()


def _records(kind: Kind, text: str) -> list[Found]:
    has_title = kind.title in kind.by_name
    names = dict.fromkeys((kind.key, *((kind.title,) if has_title else ()), "is_active"))
    rows = selectors.find(kind, text, selectors.ALL).prefetch_related(None).select_related(None)
    return [
        Found(
            " ".join(str(part) for part in row[:-1] if part),
            address(kind, str(row[0])),
            kind.singular,
            retired=not row[-1],
        )
        for row in rows.values_list(*names)[:_MOST_A_KIND]
    ]
