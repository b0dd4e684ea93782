"""Pages about oneself: they need somebody signed in, and no permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ims_kernel import clock
from ims_kernel.identity import accounts, sessions
from ims_kernel.identity.gate import open_to_all
from ims_kernel.signin import factors

if TYPE_CHECKING:
    from ims_kernel.identity.models import User

CONFIRM_PAGE = "/security/confirm"
Page = Callable[[HttpRequest], HttpResponse]


def own_page(*, fresh: bool = False, while_owing: bool = False) -> Callable[[Page], Page]:
    """Only somebody signed in.

    `fresh` asks again who it is unless they showed it within ten minutes; `while_owing` lets in
    those who have still to set up a second factor.
    """

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            at = clock.now()
            if not request.user.is_authenticated or not sessions.renew(request, at=at):
                return sessions.ask_to_sign_in(request)
            if sessions.owes_second_factor(request):
                if not while_owing:
                    return sessions.ask_to_set_up(request)
                if factors.of(me(request)).any:
                    # Set up elsewhere meanwhile: who knows the password only must not add another.
                    sessions.end(request)
                    return HttpResponseRedirect("/sign-in?problem=again")
            if fresh and not sessions.has_proved_lately(request, at=at):
                query = urlencode({sessions.NEXT: request.path}, safe="/")
                return HttpResponseRedirect(f"{CONFIRM_PAGE}?{query}")
            return view(request)

        open_to_all(guarded)
        return guarded

    return decorate


def me(request: HttpRequest) -> User:
    """The person of an `own_page`."""
    found = accounts.signed_in(request)
    if found is None:
        raise TypeError("This page is not behind own_page.")
    return found


def target_of(request: HttpRequest) -> str:
    """Where the person wanted to go: a path on this host."""
    given = request.POST.get(sessions.NEXT, "") or request.GET.get(sessions.NEXT, "")
    return sessions.safe_next(given)


def kept_next(target: str) -> str:
    """What a form carries of it: nothing for the start page."""
    return "" if target == sessions.HOME else target
