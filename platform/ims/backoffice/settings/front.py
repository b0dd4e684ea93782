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
from ims.backoffice.settings.showing import address
from ims_kernel.identity.gate import requires
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors
from ims_kernel.records.kinds import Kind, all_kinds
from ims_kernel.web.forms import PageForm

_MOST_A_KIND = 10
# The order of the sections; one that is not named here comes after them.
_SECTIONS = (
    *("Council", "Money", "Accounts", "Payments", "Imports and exports", "Wording", "People"),
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
    """A kind on the first page. Counts are None for a kind with one record."""

    kind: Kind
    in_use: int | None
    retired: int


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
        "found": _search(kinds, text) if text else [],
        "sections": [] if text else _sections(kinds),
        "waiting": waiting_for(actor),
    }
    return render(request, "backoffice/settings/front.html", context)


def waiting_for(actor: Actor) -> int:
    """How many changes of kinds that the actor may see wait for a second person."""
    seen = {kind.slug for kind in all_kinds() if actor.may(kind.see)}
    return sum(change.kind_slug in seen for change in selectors.waiting_changes())


def _sections(kinds: list[Kind]) -> list[tuple[str, list[Entry]]]:
    def place(kind: Kind) -> tuple[int, str]:
        known = kind.section in _SECTIONS
        return (_SECTIONS.index(kind.section) if known else len(_SECTIONS), kind.section)

    entries = [_entry(kind) for kind in sorted(kinds, key=lambda kind: (place(kind), kind.order))]
    return [
        (section, list(members)) for section, members in groupby(entries, lambda e: e.kind.section)
    ]


def _entry(kind: Kind) -> Entry:
    if kind.single:
        return Entry(kind, None, 0)
    return Entry(kind, *selectors.counts(kind))


def _search(kinds: list[Kind], text: str) -> list[Found]:
    wanted = text.casefold()
    found = [
        Found(
            _capital(kind.singular if kind.single else kind.plural),
            reverse("setting_kind", args=(kind.slug,)),
            kind.sentence,
        )
        for kind in kinds
        if wanted in _about(kind)
    ]
    for kind in kinds:
        if not kind.single:
            found += _records(kind, text)
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
