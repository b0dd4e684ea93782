"""A guard before the service starts: it has the key that the stored secrets are protected by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from ims_kernel.crypto import envelope


@register(Tags.database)
def data_keys_can_be_opened(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Every stored data key is wrapped by a key of IMS_KEY_ENCRYPTION_KEY."""
    if not databases:
        return []
    ours = [envelope.key_id(key) for key in settings.IMS_KEY_ENCRYPTION_KEYS]
    try:
        strangers = _wrapped_by_others(ours)
    except OperationalError:
        return []  # Told by ims_tenants.E006.
    if not strangers:
        return []
    return [
        Error(
            f"Stored secrets are protected by a key that is not here: {', '.join(strangers)}.",
            hint="Add it to IMS_KEY_ENCRYPTION_KEY after a comma (docs/runbooks/rotate-keys.md).",
            id="ims_kernel.E002",
        )
    ]


def _wrapped_by_others(ours: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.crypto_datakey')")
        if cursor.fetchone()[0] is None:
            return []  # Before the first migration.
        cursor.execute(
            "SELECT DISTINCT wrapped_by FROM public.crypto_datakey "
            "WHERE NOT wrapped_by = ANY (%s) ORDER BY 1",
            [ours],
        )
        return [row[0] for row in cursor.fetchall()]
