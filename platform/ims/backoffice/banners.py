"""The council's banners on every page of its staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ims.council.selectors import STAFF, banners_showing
from ims_kernel import clock

if TYPE_CHECKING:
    from ims.council.models import Banner


class BannersOnRequest:
    """`request.banners`: what staff are told today. One query, when a page shows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.banners = SimpleLazyObject(lambda: banners_for(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def banners_for(request: HttpRequest) -> list[Banner]:
    """Today's banners; none on the public host."""
    if getattr(request, "council", None) is None:
        return []
    return banners_showing(STAFF, on=clock.today())
