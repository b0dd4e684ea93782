"""What uses a record: links from other settings, and what apps above count in their own tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ims_kernel.records.fields import Link, Links
from ims_kernel.records.kinds import Kind, all_kinds

Count = Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Use:
    """So many things use a record. `blocks`: it cannot be retired while they do."""

    text: str
    count: int
    href: str = ""
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class _Counter:
    text: str
    count: Count
    href: str
    blocks: bool


_counters: dict[str, dict[str, _Counter]] = {}


def register(slug: str, text: str, count: Count, *, href: str = "", blocks: bool = False) -> None:
    """Count what uses records of a kind. `text` is plural: “open suspense items”.

    `count` is called with the record's object, inside the council. Called from an app's apps.py.
    """
    _counters.setdefault(slug, {})[text] = _Counter(text, count, href, blocks)


def uses_of(kind: Kind, instance: Any) -> list[Use]:
    """Everything that uses a record, those with a count above nothing. Queries: one a counter."""
    found = _links_to(kind, instance)
    found += [
        Use(each.text, each.count(instance), each.href, each.blocks)
        for each in _counters.get(kind.slug, {}).values()
    ]
    return [use for use in found if use.count]


def _links_to(kind: Kind, instance: Any) -> list[Use]:
    key = getattr(instance, kind.key)
    found = []
    for other in all_kinds():
        for link in other.fields:
            if isinstance(link, (Link, Links)) and link.to == kind.slug:
                if not _is_column(other.model, link.name):
                    continue
                there = other.model._default_manager.filter(  # noqa: SLF001 - Django documents it
                    **_looks_at(other.model, link.name, kind.key, key)
                )
                if not other.single:
                    there = there.filter(is_active=True)
                words = f"{other.plural} in use"
                found.append(Use(words, there.count(), f"/settings/{other.slug}", link.keeps))
    return found


def _is_column(model: type[models.Model], name: str) -> bool:
    return any(each.name == name for each in model._meta.get_fields())  # noqa: SLF001


def _looks_at(model: type[models.Model], name: str, key_name: str, key: str) -> dict[str, Any]:
    column = model._meta.get_field(name)  # noqa: SLF001
    if column.is_relation:
        return {f"{name}__{key_name}": key}
    if isinstance(column, ArrayField):
        return {f"{name}__contains": [key]}
    return {name: key}
