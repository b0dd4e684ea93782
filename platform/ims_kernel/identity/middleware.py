"""Puts the actor on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ims_kernel.identity.permissions import Actor
from ims_kernel.identity.selectors import actor_for

NOBODY = Actor(name="Nobody")


class ActorOnRequest:
    """`request.actor`: the person who asks, worked out when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            user = request.user
            return actor_for(user) if user.is_authenticated else NOBODY

        request.actor = SimpleLazyObject(find)  # type: ignore[attr-defined]
        return self.get_response(request)
