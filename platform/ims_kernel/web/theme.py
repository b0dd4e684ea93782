"""A council's name and colour on the pages, through our own style variables."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from ims_kernel.errors import ImsError
from ims_kernel.web.contrast import check_accent, text_on

DEFAULT_ACCENT = "#1d4b66"


@dataclass(frozen=True, slots=True)
class Brand:
    """Who the page belongs to. `accent` has passed contrast.check_accent."""

    name: str
    service_name: str = "Income management"
    accent: str = DEFAULT_ACCENT
    logo_url: str = ""
    home_url: str = "/"
    statement_url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the service navigation."""

    text: str
    href: str
    current: bool = False


# What a page shows when nothing says whose it is: an unknown host, or a service that is down.
NO_COUNCIL = Brand(name="Income management", service_name="", home_url="")


def stylesheet(accent: str) -> str:
    """The style variables of an accent colour. Raises ColourUnreadable or ColourTooPale."""
    accent = check_accent(accent)
    return f":root{{--council-accent:{accent};--council-accent-text:{text_on(accent)}}}\n"


def theme_css(request: HttpRequest, accent: str) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """The stylesheet of one colour. Its address says all it holds, so it can be kept for ever.

    A file of its own, not a <style> in the page, so that the security policy allows no inline
    style anywhere.
    """
    try:
        css = stylesheet(f"#{accent}")
    except ImsError as error:
        raise Http404(error.message) from error
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


urlpatterns = [path("theme/<slug:accent>.css", theme_css, name="theme_css")]
