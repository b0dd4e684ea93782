"""What a view reads from a request, and what a step answers without a press of its button."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ims_kernel.identity.gate import View
from ims_kernel.identity.permissions import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Put on the request by ims_kernel.identity.middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def step_of(page: str) -> Callable[[View], View]:
    """A view that changes something when its button is pressed (POST), and only then.

    Whoever comes by an address instead, as after signing in again, is led to the `page` (its name)
    that has the button.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def stepped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                where: HttpResponseBase = redirect(page, *args, **kwargs)
                return where
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return stepped

    return decorate
