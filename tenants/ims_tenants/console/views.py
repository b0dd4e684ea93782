"""The public host: what the service is, and the operators' list of councils. No council's data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ims_kernel.identity.gate import open_to_all, requires
from ims_kernel.web.theme import NavItem
from ims_tenants.lifecycle import OPEN
from ims_tenants.models import Council
from ims_tenants.selectors import list_councils

VIEW_COUNCILS = "councils.view"
_COLOURS = {
    Council.State.DRAFT: "grey",
    Council.State.ONBOARDING: "blue",
    Council.State.LIVE: "green",
    Council.State.SUSPENDED: "yellow",
    Council.State.CLOSED: "grey",
}


@open_to_all
def about(request: HttpRequest) -> HttpResponse:
    """What this service is, and where whom signs in."""
    _navigate(request)
    may_see = request.user.is_authenticated and request.actor.may(VIEW_COUNCILS)  # type: ignore[attr-defined]
    return render(request, "console/about.html", {"may_see_councils": may_see})


@requires(VIEW_COUNCILS)
def council_list(request: HttpRequest) -> HttpResponse:
    """Every council with its address and state."""
    _navigate(request)
    councils = list_councils()
    context = {
        "councils": [_shown(request, council) for council in councils],
        "open_count": sum(council.state in OPEN for council in councils),
    }
    return render(request, "console/councils.html", context)


def _navigate(request: HttpRequest) -> None:
    """The sections of the public host, in place of a council's."""
    actor = request.actor  # type: ignore[attr-defined]
    items = [NavItem("About", "/", current=request.path == "/")]
    if actor.may(VIEW_COUNCILS):
        items.append(NavItem("Councils", "/councils", current=request.path == "/councils"))
    request.navigation = items  # type: ignore[attr-defined]


def _shown(request: HttpRequest, council: Council) -> dict[str, Any]:
    hosts = sorted(council.domains.all(), key=lambda domain: not domain.is_primary)
    host = hosts[0].domain if hosts else ""
    port = request.get_port()
    usual = "443" if request.is_secure() else "80"
    return {
        "name": council.name,
        "host": host,
        "others": ", ".join(domain.domain for domain in hosts[1:]),
        "href": f"{request.scheme}://{host}{'' if port == usual else f':{port}'}/",
        "is_open": council.is_open,
        "state": council.get_state_display(),
        "colour": _COLOURS[Council.State(council.state)],
        "created_at": council.created_at,
    }
