"""Trying the council's single sign-on, and what to register with the provider."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ims_kernel import clock
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.gate import requires
from ims_kernel.signin import limits, oidc, policy, provider_check


@requires("signin.configure")
def check_provider(request: HttpRequest) -> HttpResponse:
    """The addresses to register; by POST, try whether the provider answers."""
    provider = policy.provider_as_set()
    found = []
    if request.method == "POST":
        at = clock.now()
        limits.spend(limits.PROVIDER_CHECK, "check", at=at)
        found = provider_check.check(provider)
        outcome = "good" if all(each.is_good for each in found) else "problem"
        record(
            request.actor,  # type: ignore[attr-defined]
            "signin.check_provider",
            Subject("settings", "sign-in"),
            at=at,
            outcome=outcome,
        )
    context = {
        "provider": provider,
        "callback": oidc.callback_address(request),
        "found": found,
        "is_good": bool(found) and all(each.is_good for each in found),
    }
    return render(request, "signin/check_provider.html", context)
