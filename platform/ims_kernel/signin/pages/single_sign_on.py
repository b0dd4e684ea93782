"""Leaving for the council's provider, and coming back from it."""

from __future__ import annotations

import structlog
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from ims_kernel import clock
from ims_kernel.identity import sessions
from ims_kernel.identity.gate import open_to_all
from ims_kernel.signin import limits, oidc, opening, policy, single_sign_on
from ims_kernel.signin.adapters import SIGN_IN_FAILED
from ims_kernel.signin.errors import PersonNotKnown, TooManyTries
from ims_kernel.signin.pages.own import target_of

log = structlog.get_logger(__name__)

PERSON_NOT_KNOWN = "/sign-in?problem=person"


def _provider() -> policy.Provider:
    found = policy.current().provider
    if found is None:
        raise Http404
    return found


def _failed(error: Exception) -> HttpResponse:
    """For requests' errors, which are OSErrors, and a document that is no JSON, a ValueError."""
    log.warning("single_sign_on_failed", exception=type(error).__name__)
    return HttpResponseRedirect(SIGN_IN_FAILED)


@open_to_all
def leave(request: HttpRequest) -> HttpResponse:
    """To the provider. A link, not a form: the page's policy lets forms go to this host only."""
    provider, target = _provider(), target_of(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    try:
        limits.spend_address(limits.ADDRESS, request, at=clock.now())
        return oidc.leave(request, provider, target=target)
    except (TooManyTries, OAuth2Error, OSError, ValueError) as error:
        return _failed(error)


@open_to_all
def back(request: HttpRequest) -> HttpResponse:
    """From the provider, with a code that proves who it is."""
    provider, at = _provider(), clock.now()
    if request.method != "GET":
        return HttpResponseRedirect(SIGN_IN_FAILED)
    try:
        came = oidc.come_back(request, provider)
    except (OAuth2Error, OSError, ValueError) as error:
        return _failed(error)
    if isinstance(came, HttpResponse):
        return came
    try:
        user = single_sign_on.find_person(came.claims, provider, at=at)
    except PersonNotKnown as error:
        single_sign_on.refuse(came.claims, at=at)
        log.info("sign_in_refused", code=error.code)
        return HttpResponseRedirect(PERSON_NOT_KNOWN)
    opening.open_session(request, user, at=at, how="single sign-on")
    log.info("signed_in", user_id=user.pk)
    return HttpResponseRedirect(sessions.safe_next(came.target))
