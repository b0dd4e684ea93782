"""The connection of one payment provider account: what came of the last check, and a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of, step_of
from ims.payments import selectors, services
from ims.payments.errors import AccountChanged
from ims.payments.models import ProviderAccount
from ims.payments.providers.port import Provider
from ims.payments.providers.registry import get_provider
from ims_kernel import clock
from ims_kernel.identity.gate import requires


@require_safe
@requires("settings.view")
def connection(request: HttpRequest, account_code: str) -> HttpResponse:
    """What is stored, by name only, and what came of the last check."""
    account = selectors.get_account(account_code)
    provider = get_provider(account.provider)
    context = {
        "account": account,
        "provider": provider.name,
        "facts": _facts(account, provider),
        "may_check": actor_of(request).may("payments.configure"),
    }
    return render(request, "backoffice/provider_accounts/connection.html", context)


def _facts(account: ProviderAccount, provider: Provider) -> list[dict[str, str]]:
    found = [
        {"key": "Provider", "text": provider.name},
        {"key": "Mode", "text": account.get_mode_display()},
    ]
    for each in provider.fields:
        if each.secret:
            words = "Stored" if each.name in account.credentials_held else "Not entered"
        else:
            words = account.identifiers.get(each.name, "") or "Not entered"
        found.append({"key": each.label, "text": words})
    return found


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
