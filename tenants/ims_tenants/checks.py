"""Guards that run before the service does: `ims up`, `manage.py check` and every test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from ims_tenants import pooler
from ims_tenants.errors import PoolerLeaks

# Caches that hold public facts only, and so need no council in their keys.
PUBLIC_CACHES = frozenset({"shared"})


@register(Tags.security)
def caches_know_the_council(**_kwargs: Any) -> list[CheckMessage]:
    """Every cache puts the council into its keys, except those for public facts."""
    configured: Any = settings.CACHES
    return [
        Error(
            f"The cache “{alias}” has no KEY_FUNCTION that names the council.",
            hint="Set KEY_FUNCTION to django_tenants.cache.make_key.",
            id="ims_tenants.E001",
        )
        for alias, options in configured.items()
        if alias not in PUBLIC_CACHES
        and options.get("KEY_FUNCTION") != "django_tenants.cache.make_key"
    ]


@register(Tags.security)
def cookies_stay_on_one_host(**_kwargs: Any) -> list[CheckMessage]:
    """No cookie has a domain, so no sibling host ever receives it."""
    return [
        Error(
            f"{name} must be None: a cookie with a domain reaches other councils.",
            id="ims_tenants.E002",
        )
        for name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN")
        if getattr(settings, name) is not None
    ]


@register(Tags.security)
def host_comes_from_the_host_header(**_kwargs: Any) -> list[CheckMessage]:
    """A forwarded host is text from outside and never chooses the council."""
    if settings.USE_X_FORWARDED_HOST:
        return [Error("USE_X_FORWARDED_HOST must be False.", id="ims_tenants.E003")]
    return []


@register(Tags.security)
def councils_own_their_data(**_kwargs: Any) -> list[CheckMessage]:
    """The product's apps are for councils' schemas only: a missing table must be an error."""
    return [
        Error(f"{app} must not be in SHARED_APPS: it holds councils' money.", id="ims_tenants.E004")
        for app in settings.SHARED_APPS
        if app.startswith("ims.")
    ]


@register(Tags.database)
def pooler_keeps_councils_apart(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Two connections are two."""
    if not databases:
        return []
    try:
        pooler.refuse_leak()
    except PoolerLeaks as error:
        return [Error(error.message, id="ims_tenants.E005")]
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", id="ims_tenants.E006")]
    return []


@register(Tags.database)
def public_holds_no_product_table(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """No table of the product stands in `public`, where every council could fall through to it."""
    if not databases:
        return []
    tables = [
        model._meta.db_table  # noqa: SLF001
        for config in apps.get_app_configs()
        if config.name.startswith("ims.")
        for model in config.get_models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND relnamespace = 'public'::regnamespace AND relname = ANY (%s)",
            [tables],
        )
        found = sorted(row[0] for row in cursor.fetchall())
    if found:
        names = ", ".join(found)
        return [Error(f"Tables of the product stand in public: {names}.", id="ims_tenants.E007")]
    return []
