"""Between a model's object and the plain values of its record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from ims_kernel.records.errors import FieldRefused, RecordRefused
from ims_kernel.records.fields import Field, Link, Links, Picture, Rows, Secret, Values
from ims_kernel.records.kinds import Kind, get_kind


def read_values(kind: Kind, instance: Any) -> Values:
    """The record's plain values. Secrets and pictures are never read."""
    own = kind.load(instance) if kind.load else {}
    return {
        each.name: own[each.name] if each.name in own else _read(each, instance)
        for each in kind.fields
    }


def _read(each: Field, instance: Any) -> Any:
    if isinstance(each, (Secret, Picture)):
        return each.empty
    value = getattr(instance, each.name)
    if isinstance(each, Link):
        return _key_of(each.to, value)
    if isinstance(each, Links):
        there = value.all() if hasattr(value, "all") else value
        return sorted(str(_key_of(each.to, item)) for item in there)
    if isinstance(value, date):
        return value.isoformat()
    return each.empty if value is None else value


def _key_of(slug: str, value: Any) -> str:
    if isinstance(value, models.Model):
        return str(getattr(value, get_kind(slug).key))
    return value or ""


def write_values(kind: Kind, instance: Any, values: Values) -> None:
    """Put the values into the object, and save it with what hangs on it."""
    if kind.store is not None:
        kind.store(instance, values)
        return
    several = set_columns(kind, instance, values)
    instance.save()
    for name, found in several.items():
        getattr(instance, name).set(found)


def set_columns(kind: Kind, instance: Any, values: Values) -> dict[str, list[Any]]:
    """Set the plain columns; answers the many-to-many values, to be set once it is saved.

    For `store` hooks: set_columns, save, then their own child rows.
    """
    several: dict[str, list[Any]] = {}
    for each in kind.fields:
        if not _is_column(instance, each.name) or isinstance(each, Picture):
            continue
        value = values[each.name]
        if isinstance(each, Secret) and not value:
            continue
        column = instance._meta.get_field(each.name)  # noqa: SLF001 - Django documents it
        if isinstance(each, Links) and column.many_to_many:
            several[each.name] = _find_all(each.to, value)
        elif isinstance(each, Link) and column.is_relation:
            setattr(instance, each.name, _find_all(each.to, [value])[0] if value else None)
        elif isinstance(column, models.DateField):
            setattr(instance, each.name, date.fromisoformat(value) if value else None)
        elif isinstance(each, Rows) and not column.concrete:
            continue
        else:
            setattr(instance, each.name, value)
    return several


def _is_column(instance: Any, name: str) -> bool:
    return any(column.name == name for column in instance._meta.get_fields())  # noqa: SLF001


def _find_all(slug: str, keys: list[str]) -> list[Any]:
    other = get_kind(slug)
    manager = other.model._default_manager  # noqa: SLF001
    found = {
        getattr(item, other.key): item for item in manager.filter(**{f"{other.key}__in": keys})
    }
    return [found[key] for key in keys if key in found]


def clean_values(kind: Kind, given: Mapping[str, Any], before: Values | None) -> Values:
    """The whole record after a change: what is given, cleaned, over what was there.

    Raises FieldRefused, or RecordRefused for a field that the kind does not have.
    """
    if strange := [name for name in given if name not in kind.by_name]:
        raise RecordRefused(
            f"A {kind.singular} has no field “{str(strange[0])[:40]}”. "
            f"There are: {', '.join(kind.by_name)}.",
            field=str(strange[0])[:40],
        )
    cleaned: Values = {}
    for each in kind.fields:
        unset = each.start if before is None else before[each.name]
        if before is not None and each.name not in given:
            cleaned[each.name] = unset
            continue
        value = each.clean(given.get(each.name, unset))
        if each.fixed and before is not None and value != unset:
            raise FieldRefused(
                f"{each.label} cannot be changed once it is set. It stays {each.words(unset)}.",
                field=each.name,
            )
        cleaned[each.name] = value
    return cleaned


def check_links(kind: Kind, values: Values, before: Values | None) -> None:
    """Every code named is there, and in use when it is new and must be kept. Raises FieldRefused.

    A link that does not keep its record names a retired one too: else what a retirement left
    behind could be written into a file and not applied to another council.
    """
    for each in kind.fields:
        if isinstance(each, (Link, Links)):
            _check_link(each, values[each.name], before[each.name] if before else None)


def _check_link(each: Link | Links, value: Any, was: Any) -> None:
    wanted = [value] if isinstance(each, Link) else list(value)
    kept = {was} if isinstance(each, Link) else set(was or [])
    wanted = [key for key in wanted if key and key not in kept]
    if not wanted:
        return
    other = get_kind(each.to)
    rows = other.model._default_manager.filter(**{f"{other.key}__in": wanted})  # noqa: SLF001
    there: dict[str, bool] = dict(rows.values_list(other.key, "is_active"))
    for key in wanted:
        if key not in there:
            raise FieldRefused(
                f"There is no {other.singular} “{key[:40]}”. Add it first, or choose another.",
                field=each.name,
            )
        if each.keeps and not there[key]:
            raise FieldRefused(
                f"The {other.singular} {key} is retired. Choose another, or restore it first.",
                field=each.name,
            )


def changes_of(kind: Kind, after: Values, before: Values | None) -> tuple[Values, Values]:
    """(before, after) of the fields that differ. A secret that was given is “changed”."""
    was, now = {}, {}
    for each in kind.fields:
        value = after[each.name]
        if isinstance(each, (Secret, Picture)):
            if value:
                now[each.name] = "changed"
            continue
        if before is None or before[each.name] != value:
            now[each.name] = value
            if before is not None:
                was[each.name] = before[each.name]
    return was, now


def digest_of(values: Values) -> str:
    """A short mark of the values, to notice that somebody changed them meanwhile."""
    packed = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(packed.encode()).hexdigest()[:32]
