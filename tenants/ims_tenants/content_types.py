"""Keeps Django's cache of content types apart for each schema.

Django keeps one cache for the process. Content types have other ids in each council, so a thread
in council A could be handed council B's id (docs/adr/0007, django-tenants issue 290).
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.db import connections

_by_schema: dict[str, dict[Any, Any]] = {}


def _cache_of_this_schema(manager: Any) -> dict[Any, Any]:
    wrapper: Any = connections[manager._db or "default"]  # noqa: SLF001
    return _by_schema.setdefault(wrapper.schema_name, {})


def _ignore(_manager: Any, _value: Any) -> None:
    """Django assigns an empty cache when it makes a manager; ours is made on first use."""


def _clear(_manager: Any) -> None:
    # Called by the database wrapper on every change of schema, so it must not ask for a connection.
    _by_schema.clear()


def key_cache_by_schema() -> None:
    """Replace the manager's cache by one for each schema. Called once at start."""
    manager: Any = ContentTypeManager
    manager._cache = property(_cache_of_this_schema, _ignore)  # noqa: SLF001
    manager.clear_cache = _clear
    ContentType.objects.__dict__.pop("_cache", None)
