"""How a council looks on every page: part of the facade, for the council's own settings.

The look stands on the council's row in `public`, because the host alone decides it and the page is
shown before anybody signs in. It is written only here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

from ims_kernel.web.contrast import check_accent
from ims_tenants.current import council
from ims_tenants.models import Council, Domain


@dataclass(frozen=True, slots=True)
class Look:
    """`display_name` empty means the council's own name; `logo_mark` empty means no logo."""

    display_name: str
    accent_colour: str
    logo_mark: str


def current_look() -> Look:
    """The look of the council at hand, as it is stored now. One query."""
    row = Council.objects.only("display_name", "accent_colour", "logo_mark").get(pk=council().pk)
    return Look(row.display_name, row.accent_colour, row.logo_mark)


def change_look(look: Look) -> None:
    """Store how the council at hand looks. Call it inside the transaction of the change.

    This process shows it at once, every other after IMS_HOST_CACHE_SECONDS. Raises
    ColourUnreadable or ColourTooPale.
    """
    here = council()
    check_accent(look.accent_colour)
    Council.objects.filter(pk=here.pk).update(
        display_name=look.display_name,
        accent_colour=look.accent_colour,
        logo_mark=look.logo_mark,
    )
    hosts = list(Domain.objects.filter(tenant_id=here.pk).values_list("domain", flat=True))
    transaction.on_commit(lambda: _forget(hosts))


def _forget(hosts: list[str]) -> None:
    if settings.IMS_HOST_CACHE_SECONDS:
        caches["shared"].delete_many(hosts)
