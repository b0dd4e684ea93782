"""Questions about councils."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import caches

from ims_tenants.current import public
from ims_tenants.errors import CouncilNotFound
from ims_tenants.models import Council, Domain

_UNKNOWN = "unknown"
# Longer ones would not fit into a key of every kind of cache (250 with its prefix).
LONGEST_HOST = 200


def list_councils() -> list[Council]:
    """Every council, by name."""
    with public():
        found = Council.objects.select_related("training_for").order_by("name")
        return list(found.prefetch_related("domains"))


def get_council(name_or_host: str) -> Council:
    """The council with this name, host, schema, or first word of its host.

    Raises CouncilNotFound, also when the first word is that of several hosts.
    """
    wanted = name_or_host.strip().lower()
    by_first_word = []
    for council in list_councils():
        hosts = [domain.domain for domain in council.domains.all()]
        if wanted in (council.name.lower(), council.schema_name, *hosts):
            return council
        if wanted in (host.split(".")[0] for host in hosts):
            by_first_word.append(council)
    if len(by_first_word) == 1:
        return by_first_word[0]
    what = "There is no council" if not by_first_word else "There is more than one council"
    raise CouncilNotFound(f"{what} “{name_or_host}”. `ims council list` shows the names and hosts.")


def find_by_host(host: str) -> Council | None:
    """The council a host leads to, or None. Remembered for a few seconds in each process."""
    if len(host) > LONGEST_HOST:
        return None
    cache = caches["shared"]
    cached = cache.get(host)
    if cached is not None:
        return None if cached == _UNKNOWN else cached
    with public():
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    council: Council | None = domain.tenant if domain else None
    cache.set(host, council or _UNKNOWN, settings.IMS_HOST_CACHE_SECONDS)
    return council


def primary_host(council: Council) -> str:
    """The host that links to this council are built with."""
    with public():
        return str(Domain.objects.get(tenant=council, is_primary=True).domain)
