"""The identifier of the schema at hand, for what must be kept apart by council."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection


def scope_id() -> str:
    """The council's identifier as text, or `public` outside any council."""
    tenant: Any = connection.tenant
    found = getattr(tenant, "uuid", None)
    return str(found) if isinstance(found, uuid.UUID) else "public"
