"""The permission on every address: a view either requires one or says that it is open to all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ims_kernel import clock
from ims_kernel.identity import sessions

View = Callable[..., HttpResponseBase]


def requires(permission: str) -> Callable[[View], View]:
    """Only people with the permission. Others sign in, or are told what is missing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not sessions.renew(request, at=clock.now()):
                return sessions.ask_to_sign_in(request)
            if sessions.owes_second_factor(request):
                return sessions.ask_to_set_up(request)
            request.actor.require(permission)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """A view that needs no permission. Listed by name in tests/architecture/test_urls.py."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view
