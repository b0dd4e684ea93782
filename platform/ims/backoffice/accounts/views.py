"""Finding an account, and looking at one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.accounts import selectors
from ims.backoffice.accounts import showing
from ims.backoffice.accounts.forms import SearchForm
from ims.backoffice.asking import actor_of
from ims.backoffice.transactions.showing import KINDS
from ims.funds.selectors import list_funds
from ims.reports.account import recent_of_account
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import AFTER, BEFORE, Page, paginate, with_query

PAGE_SIZE = 50
_READ = "accounts.read"


@require_safe
@requires("accounts.view")
def account_search(request: HttpRequest) -> HttpResponse:
    """The search page. Without anything to look for it shows what each fund holds."""
    actor = actor_of(request)
    within = actor.within("accounts.view", "fund")
    funds = [fund for fund in list_funds() if within is None or fund.code in within]
    form = SearchForm(request.GET, funds=funds)
    context: dict[str, Any] = {
        "form": form if form.errors else None,
        "search": form,
        "chips": showing.chips(form, request.GET),
        "page": Page([], "", ""),
        "funds": [],
        "may_load": actor.may("accounts.load"),
        "may_edit": actor.may("accounts.edit"),
        "asked": False,
    }
    if not form.is_valid():
        return render(request, "backoffice/accounts/search.html", context, status=400)
    if form.is_asking():
        rows = selectors.search(replace(form.criteria(), within=within))
        page = paginate(rows, request.GET, by="reference", size=PAGE_SIZE, oldest_first=True)
        first = with_query(request.GET, **{AFTER: None, BEFORE: None})
        context |= {"page": page, "asked": True, "first_page": first}
    else:
        totals = selectors.fund_totals()
        context["funds"] = [
            (fund, totals.get(fund.pk)) for fund in funds if fund.purpose != "suspense"
        ]
    return render(request, "backoffice/accounts/search.html", context)


@require_safe
@requires("accounts.view")
def account_detail(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: who, where, what is owed, what must be said, and what was paid.

    That somebody looked is recorded: it is a person's name, address and debt.
    """
    actor = actor_of(request)
    account = selectors.get_account(account_id, within=actor.within("accounts.view", "fund"))
    fund = account.fund.code
    may_see_ledger = actor.may("ledger.view", fund=fund)
    subject = Subject("account", account_id)
    record_read(actor, subject, at=clock.now(), act=_READ, fund=fund)
    load = selectors.find_load(account.source_load_id)
    context = {
        "account": account,
        "severity": showing.SEVERITIES[account.message.severity] if account.message else None,
        "lines": recent_of_account(account.fund_id, account.reference) if may_see_ledger else [],
        "kinds": KINDS,
        "load": load,
        "history": showing.history(history_of("account", account_id)),
        "may_edit": actor.may("accounts.edit", fund=fund),
        "may_load": actor.may("accounts.load", fund=fund),
        "may_see_ledger": may_see_ledger,
    }
    return render(request, "backoffice/accounts/account.html", context)
