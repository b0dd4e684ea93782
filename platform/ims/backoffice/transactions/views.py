"""Finding transactions, downloading them, and looking at one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from ims.backoffice.asking import actor_of
from ims.backoffice.downloads import csv_response
from ims.backoffice.transactions import detail, showing
from ims.backoffice.transactions.csv_file import written
from ims.backoffice.transactions.forms import Choice, SearchForm
from ims.funds.selectors import list_funds, list_methods
from ims.reports import transactions as reports
from ims.reports.errors import TransactionNotFound
from ims.reports.scope import fund_ids
from ims.reports.transaction import get_transaction
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.web.pagination import AFTER, BEFORE, Page, paginate, with_query

VIEW = "ledger.view"
PAGE_SIZE = 50


@requires(VIEW)
def transaction_list(request: HttpRequest) -> HttpResponse:
    """The search page. Without filters it shows the newest lines."""
    form = _form(request)
    context: dict[str, Any] = {
        "form": form if form.errors else None,
        "search": form,
        "chips": showing.chips(form, request.GET),
        "kinds": showing.KINDS,
        "page": Page([], "", ""),
        "lines": [],
    }
    if not form.is_valid():
        return render(request, "backoffice/transactions/list.html", context, status=400)
    rows, total = reports.find(_criteria(request, form))
    page = paginate(rows, request.GET, by="received_on", size=PAGE_SIZE)
    context |= {
        "page": page,
        "lines": reports.with_receipts(page.rows),
        "total": showing.total_in_words(total),
        "bounds": (form.cleaned_data["start"], form.cleaned_data["end"]) if form.bounded else None,
        "csv_query": with_query(request.GET, **{AFTER: None, BEFORE: None}),
        "first_page": with_query(request.GET, **{AFTER: None, BEFORE: None}),
        "is_first": not page.previous_query,
    }
    return render(request, "backoffice/transactions/list.html", context)


@requires(VIEW)
def transactions_csv(request: HttpRequest) -> HttpResponseBase:
    """The lines of the same search as a CSV file. Who took it, and how many lines, is recorded."""
    form = _form(request)
    if not form.is_valid():
        return transaction_list(request)
    rows, _ = reports.find(_criteria(request, form))
    number = reports.check_download(rows)
    actor = actor_of(request)
    at = clock.now()
    # The names of the filters only: what was typed may be somebody's name.
    used = sorted(name for name, value in form.cleaned_data.items() if value)
    record_read(
        actor, Subject("transactions", "csv"), at=at, act="transactions.download", rows=number,
        filters=used,
    )  # fmt: skip
    name = f"transactions-{at.astimezone(clock.LONDON):%Y-%m-%d-%H%M}.csv"
    return csv_response(written(reports.download(rows)), file_name=name)


@requires(VIEW)
def transaction_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One transaction with its history, or a page that helps with a number that leads nowhere."""
    try:
        found = get_transaction(number, within_funds=fund_ids(actor_of(request), VIEW))
    except TransactionNotFound as error:
        context = {"number": number[:40], "message": error.message}
        return render(request, "backoffice/transactions/not_found.html", context, status=404)
    actor = actor_of(request)
    record_read(actor, Subject("entry", found.entry.pk), at=clock.now(), act="ledger.read")
    return render(request, "backoffice/transactions/detail.html", detail.context(found, actor))


def _criteria(request: HttpRequest, form: SearchForm) -> reports.Criteria:
    """What to find, and only in the funds this person may see."""
    return replace(form.criteria(), within_funds=fund_ids(actor_of(request), VIEW))


def _form(request: HttpRequest) -> SearchForm:
    codes = actor_of(request).within(VIEW, "fund")
    return SearchForm(
        request.GET,
        funds=[
            Choice(f.pk, f.code, f"{f.name} ({f.code})")
            for f in list_funds()
            if codes is None or f.code in codes
        ],
        methods=[Choice(m.pk, m.code, m.name) for m in list_methods()],
        today=clock.today(),
    )
