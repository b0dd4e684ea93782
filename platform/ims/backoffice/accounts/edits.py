"""Adding, changing and closing an account by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.accounts import editing, selectors
from ims.accounts.errors import AccountChangedMeanwhile, AccountRefused, ReferenceTaken
from ims.backoffice.accounts.forms import AccountForm, ReasonForm, initial_of
from ims.backoffice.asking import actor_of
from ims.funds.selectors import list_funds
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity.gate import requires

_CLOSE = {
    "label": "Why are you closing this account?",
    "hint": "For example, moved away. It stays in the history, and the account can still be found.",
    "missing": "Enter why you are closing this account",
}
_REOPEN = {
    "label": "Why are you opening this account again?",
    "hint": "It stays in the history.",
    "missing": "Enter why you are opening this account again",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add an account to a fund."""
    within = _within(request)
    funds = [
        fund
        for fund in list_funds()
        if fund.is_active and fund.purpose != "suspense" and (within is None or fund.code in within)
    ]
    form = AccountForm(request.POST if request.method == "POST" else None, funds=funds)
    if request.method == "POST" and form.is_valid():
        try:
            account = editing.add_account(
                form.cleaned_data["fund"], form.values(), actor=actor_of(request), at=clock.now()
            )
        except (AccountRefused, ReferenceTaken) as error:
            _beside_field(form, error)
        else:
            messages.success(request, f"Account {account.reference} was added.")
            return redirect("account", account.pk)
    return render(request, "backoffice/accounts/edit.html", {"form": form, "account": None})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.edit")
def change(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change an account, unless somebody else did meanwhile."""
    account = selectors.get_account(account_id, within=_within(request))
    known = selectors.messages_of(account.fund_id)
    given = request.POST if request.method == "POST" else None
    form = AccountForm(given, messages=known, initial=initial_of(account))
    if request.method == "POST" and form.is_valid():
        try:
            editing.change_account(
                account_id, form.values(), actor=actor_of(request), at=clock.now(),
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except (AccountRefused, AccountChangedMeanwhile) as error:
            _beside_field(form, error)
        else:
            messages.success(request, f"Account {account.reference} was changed.")
            return redirect("account", account_id)
    return render(request, "backoffice/accounts/edit.html", {"form": form, "account": account})


def _within(request: HttpRequest) -> frozenset[str] | None:
    return actor_of(request).within("accounts.edit", "fund")


def _beside_field(form: AccountForm, error: ImsError) -> None:
    field = str(error.facts.get("field", ""))
    form.add_ims_error(error, field if field in form.fields else None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.edit")
def close(request: HttpRequest, account_id: int) -> HttpResponse:
    """Close an account, with the reason."""
    return _step(request, account_id, closing=True)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.edit")
def reopen(request: HttpRequest, account_id: int) -> HttpResponse:
    """Open a closed account again, with the reason."""
    return _step(request, account_id, closing=False)


def _step(request: HttpRequest, account_id: int, *, closing: bool) -> HttpResponse:
    account = selectors.get_account(account_id, within=_within(request))
    form = ReasonForm(
        request.POST if request.method == "POST" else None, **(_CLOSE if closing else _REOPEN)
    )
    if request.method == "POST" and form.is_valid():
        do = editing.close_account if closing else editing.reopen_account
        reason = form.cleaned_data["reason"]
        do(account_id, reason=reason, actor=actor_of(request), at=clock.now())
        done = "closed" if closing else "opened again"
        messages.success(request, f"Account {account.reference} was {done}.")
        return redirect("account", account_id)
    context = {"form": form, "account": account, "closing": closing}
    return render(request, "backoffice/accounts/close.html", context)
