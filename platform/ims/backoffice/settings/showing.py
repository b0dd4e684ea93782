"""Settings in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ims.backoffice.settings.names import Names
from ims_kernel.records.fields import (
    Colour,
    Field,
    Link,
    Links,
    Picture,
    Plain,
    Rows,
    Secret,
)
from ims_kernel.records.kinds import Kind
from ims_kernel.records.selectors import Record
from ims_kernel.records.storing import read_values
from ims_kernel.records.uses import Use

if TYPE_CHECKING:
    from ims_kernel.audit.models import AuditEvent

NOTHING = "Not set"
_ACTS = {
    "settings.add": "Added",
    "settings.change": "Changed",
    "settings.retire": "Retired",
    "settings.restore": "Put back into use",
    "settings.propose": "Change proposed",
    "settings.approve": "Proposed change approved",
    "settings.refuse": "Proposed change refused",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a record for people. `rows` are the cells of a table with columns `head`."""

    label: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    head: tuple[dict[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a record's page."""

    heading: str
    facts: list[Shown]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, in words."""

    label: str
    before: str
    after: str


def address(kind: Kind, key: str) -> str:
    """The page of a record."""
    if kind.single:
        return reverse("setting_kind", args=(kind.slug,))
    return reverse("setting", args=(kind.slug, key))


def capital(text: str) -> str:
    """What a kind is called, at the start of a line: `VAT codes`, `Funds`."""
    return text[:1].upper() + text[1:]


def parts(record: Record, names: Names) -> list[Part]:
    """A record in the sections of its kind."""
    found = [Part("", [])]
    for each in record.kind.fields:
        if each.heading:
            found.append(Part(each.heading, []))
        found[-1].facts.append(_shown(each, record, names))
    return [part for part in found if part.facts]


def _shown(each: Field, record: Record, names: Names) -> Shown:
    value = record.values[each.name]
    if isinstance(each, (Secret, Picture)):
        return Shown(each.label, _kept(each, record.instance))
    if isinstance(each, (Link, Links)):
        keys = [value] if isinstance(each, Link) else value
        links = tuple(
            (names.of(each.to, key), reverse("setting", args=(each.to, key))) for key in keys if key
        )
        return Shown(each.label, "" if links else NOTHING, links)
    if isinstance(each, Rows):
        head = tuple({"text": inner.label} for inner in each.fields)
        rows = tuple(
            tuple(words(inner, row.get(inner.name), names) for inner in each.fields)
            for row in value
        )
        return Shown(each.label, "" if rows else NOTHING, head=head, rows=rows)
    colour = value if isinstance(each, Colour) else ""
    return Shown(each.label, words(each, value, names) or NOTHING, colour=colour)


def is_stored(each: Field, instance: Any) -> bool:
    """Whether there is a value that is never shown.

    A model that keeps it elsewhere than in an attribute of this name answers `holds_unseen(name)`.
    """
    holds = getattr(instance, "holds_unseen", None)
    return bool(holds(each.name) if holds else getattr(instance, each.name, None))


def _kept(each: Field, instance: Any) -> str:
    shown = "A picture is stored." if isinstance(each, Picture) else "Stored. It is never shown."
    return shown if is_stored(each, instance) else NOTHING


def words(each: Field, value: Plain, names: Names | None = None) -> str:
    """A value for people; empty text for nothing."""
    if names is not None and value and isinstance(each, Link):
        return names.of(each.to, value)
    if names is not None and isinstance(each, Links):
        return ", ".join(names.of(each.to, key) for key in value or [])
    if isinstance(each, Rows):
        return "\n".join(each.words([row]) for row in value or [])
    return each.words(value)


def _old_words(each: Field | None, value: Plain) -> str:
    """A value of the history, which may be older than the field is now."""
    if each is None:
        return str(value)
    if isinstance(each, (Secret, Picture)):
        return str(value or "")
    try:
        return words(each, value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return str(value)


def differences(
    fields: Iterable[Field], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """The fields named in either, each with both its values; those alike in words left out."""
    by_name = {each.name: each for each in fields}
    order = [name for name in by_name if name in before or name in after]
    order += [name for name in {**before, **after} if name not in by_name and name != "is_active"]
    found = []
    for name in order:
        each = by_name.get(name)
        was, now = _old_words(each, before.get(name)), _old_words(each, after.get(name))
        if was != now:
            found.append(Difference(each.label if each else name, was or "–", now or "–"))
    return found


def history(kind: Kind, events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """What happened to a record, newest first."""
    return [
        {
            "title": _ACTS.get(event.act, event.act.rpartition(".")[2].capitalize()),
            "at": event.at,
            "by": event.actor_name + (f" for {event.behalf_name}" if event.behalf_name else ""),
            "reason": event.reason,
            "is_new": not event.before,
            "changes": differences(kind.fields, event.before or {}, event.after or {}),
        }
        for event in events
    ]


def uses(found: Iterable[Use]) -> list[dict[str, str]]:
    """Where a record is used, as facts."""
    return [{"key": capital(use.text), "text": f"{use.count:,}", "href": use.href} for use in found]


def listed(kind: Kind, instances: list[Any]) -> list[dict[str, Any]]:
    """Rows of a list page: the fields of its columns in words. Queries: one a kind linked to."""
    narrow = _narrowed(kind)
    values = [read_values(narrow, instance) for instance in instances]
    names = Names(narrow.fields, values)
    return [
        {
            "key": str(getattr(instance, kind.key)),
            "cells": [words(each, row[each.name], names) for each in narrow.fields],
            "is_active": instance.is_active,
        }
        for instance, row in zip(instances, values, strict=True)
    ]


def _narrowed(kind: Kind) -> Kind:
    """The kind with the columns of its list only, so that nothing else is read for every row."""
    columns = {column.name for column in kind.model._meta.get_fields()}  # noqa: SLF001
    plain = all(each.name in columns and not isinstance(each, Rows) for each in kind.shown)
    return replace(kind, fields=kind.shown, load=None if plain else kind.load)
