"""Changing keys: the installation's (rewrap) and a council's own (renew)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from ims_kernel import locks
from ims_kernel.crypto import envelope, keys
from ims_kernel.crypto.fields import EncryptedJSONField, EncryptedTextField, Secret
from ims_kernel.crypto.models import DataKey
from ims_kernel.scope import schema_name, scope_id

_FIELDS = (EncryptedTextField, EncryptedJSONField)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done: data keys wrapped again, and values sealed again."""

    rewrapped: int
    resealed: int = 0


def rewrap() -> Rotated:
    """Wrap the data keys of the council at hand by the installation's first key.

    Raises KeyNotWrappedByOurs when one is wrapped by a key that is not named any more; then
    nothing was changed.
    """
    newest = envelope.key_id(settings.IMS_KEY_ENCRYPTION_KEYS[0])
    with transaction.atomic():
        rows = DataKey.objects.select_for_update().filter(scope=scope_id())
        stale = [row for row in rows if row.wrapped_by != newest]
        for row in stale:
            row.wrapped, row.wrapped_by = keys.wrap(row.scope, row.number, keys.unwrap(row))
            row.save(update_fields=["wrapped", "wrapped_by"])
    return Rotated(len(stale))


def renew() -> Rotated:
    """Give the council at hand a new data key, and seal every value of its columns with it.

    One transaction. The old keys stay: a backup, a page that is being made at this moment, and a
    text that another package stores (crypto.sealing) may still need them.
    """
    scope = scope_id()
    with transaction.atomic():
        locks.hold("crypto:renew")
        wrapped = rewrap().rewrapped
        old = keys.ring()
        keys.add(scope, old.newest + 1)
        ring = keys.ring()
        resealed = sum(_reseal(model, fields, ring) for model, fields in sealed_columns())
    return Rotated(wrapped, resealed)


def sealed_columns() -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Every model with sealed columns whose table stands in the schema at hand."""
    there = _tables()
    for model in apps.get_models():
        fields = [f for f in model._meta.local_concrete_fields if isinstance(f, _FIELDS)]  # noqa: SLF001
        if fields and model._meta.db_table in there:  # noqa: SLF001
            yield model, fields


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND relnamespace = %s::regnamespace",
            [schema_name()],
        )
        return {row[0] for row in cursor.fetchall()}


def _reseal(model: type[models.Model], fields: list[Any], ring: keys.Keyring) -> int:
    count = 0
    manager = model._base_manager  # noqa: SLF001
    for row in manager.select_for_update().order_by("pk").iterator(chunk_size=500):
        changed = {}
        for field in fields:
            secret: Secret | None = getattr(row, field.attname)
            if secret is not None:
                changed[field.name] = secret.sealed_with(ring, field.place_of(row))
        if changed:
            manager.filter(pk=row.pk).update(**changed)
            count += len(changed)
    return count
