"""What every page is given: whose page it is and who is looking at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from ims_kernel.web.theme import NO_COUNCIL

SIGN_OUT, ACCOUNT = "sign_out", "security"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every page. No query of its own: what is lazy asks when it is shown.

    `request.brand` (theme.Brand) is set by whoever found out whose host it is, and
    `request.navigation` (a list of theme.NavItem) by whoever knows the sections; both may be
    missing. So may `request.banners`: messages with `severity` and `words`, one query when shown.
    Signed-out pages show neither.
    """
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "brand": getattr(request, "brand", NO_COUNCIL),
        "navigation": getattr(request, "navigation", []) if signed_in else [],
        "banners": getattr(request, "banners", []) if signed_in else [],
        "person": str(user) if signed_in else "",
        "sign_out_url": _url(SIGN_OUT) if signed_in else "",
        "account_url": _url(ACCOUNT) if signed_in else "",
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
