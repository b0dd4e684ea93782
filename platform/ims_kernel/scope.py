"""The schema at hand: its name, its council's identifier, and the connection that knows both."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection


def tenant_connection() -> Any:
    """This thread's connection, with what django-tenants adds: tenant, schema_name, set_tenant."""
    return connection


def schema_name() -> str:
    """The schema at hand, `public` outside any council."""
    return str(tenant_connection().schema_name)


def scope_id() -> str:
    """The council's identifier as text, or `public` outside any council."""
    found = getattr(tenant_connection().tenant, "uuid", None)
    return str(found) if isinstance(found, uuid.UUID) else "public"
