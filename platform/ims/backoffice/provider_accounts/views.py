"""The connection of one payment provider account: what came of the last check, and a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of, step_of
from ims.payments import selectors, services
from ims.payments.errors import AccountChanged
from ims_kernel import clock
from ims_kernel.identity.gate import requires


@require_safe
@requires("settings.view")
def connection(request: HttpRequest, account_code: str) -> HttpResponse:
    """What is stored, by name only, and what came of the last check."""
    account = selectors.get_account(account_code)
    provider, facts = selectors.described(account)
    context = {
        "account": account,
        "provider": provider,
        "facts": [{"key": key, "text": words} for key, words in facts],
        "may_check": actor_of(request).may("payments.configure"),
    }
    return render(request, "backoffice/provider_accounts/connection.html", context)


@step_of("payment_account_connection")
@requires("payments.configure")
def check(request: HttpRequest, account_code: str) -> HttpResponse:
    """Ask the provider now."""
    try:
        health = services.check_connection(account_code, actor=actor_of(request), at=clock.now())
    except AccountChanged as error:
        messages.warning(request, error.message)
    else:
        say = messages.success if health.ok else messages.warning
        say(request, health.words)
    return redirect("payment_account_connection", account_code)
