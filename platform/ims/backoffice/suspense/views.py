"""Looking at suspense, and moving an item to where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.suspense.filters import SuspenseFilter, chips
from ims.backoffice.suspense.forms import MAX_ACCOUNTS, AllocationForms
from ims.backoffice.suspense.showing import age, bands, history
from ims.funds.errors import FundNotFound
from ims.funds.selectors import list_funds
from ims.ledger.errors import PeriodClosed, SameKeyOtherContent
from ims.reports import suspense as report
from ims.reports.scope import fund_ids
from ims.suspense import selectors, services
from ims.suspense.errors import AllocationRefused, AlreadyAllocated
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.money import format_pounds
from ims_kernel.permissions import OutOfScope, OverLimit
from ims_kernel.web.pagination import paginate

if TYPE_CHECKING:
    from ims.funds.models import Fund
    from ims.suspense.models import SuspenseItem

_REFUSALS = (
    AllocationRefused,
    AlreadyAllocated,
    FundNotFound,
    PeriodClosed,
    OutOfScope,
    OverLimit,
)
_ADD, _REMOVE = "add", "remove"


@require_safe
@requires("suspense.view")
def item_list(request: HttpRequest) -> HttpResponse:
    """Open items, oldest first."""
    form = SuspenseFilter(request.GET or None)
    form.is_valid()
    today = clock.today()
    wanted = form.wanted()
    found = report.find(wanted, today)
    page = paginate(found, request.GET, by="opened_on", oldest_first=True)
    by_age = selectors.by_age(today)
    context = {
        "form": form,
        "page": page,
        "items": report.with_receipts(page.rows),
        "total": report.total(found),
        "chips": chips(request.GET, wanted),
        "bands": bands(by_age),
        "waiting": sum(band.count for band in by_age),
        "reasons": report.REASONS,
        "age": lambda item: age(item.opened_on, today),
    }
    return render(request, "backoffice/suspense/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("suspense.view")
def item_detail(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item with its history, and the form that allocates it."""
    item = selectors.get_item(item_id)
    codes = actor_of(request).within("suspense.allocate", "fund")
    funds = [f for f in list_funds() if _takes_money(f) and (codes is None or f.code in codes)]
    if request.method != "POST":
        record_read(actor_of(request), Subject("suspense", item.pk), at=clock.now())
        return _page(request, item, AllocationForms(funds, item.remaining_pence))
    actor_of(request).require("suspense.allocate")
    forms = AllocationForms(funds, item.amount_pence, request.POST)
    if _ADD in request.POST:
        return _page(request, item, forms.changed(added=1))
    if _REMOVE in request.POST:
        return _page(request, item, forms.changed(without=_place(request.POST[_REMOVE])))
    if forms.is_valid() and _allocate(request, item, forms):
        return redirect("suspense_item", item_id)
    return _page(request, item, forms)


def _takes_money(fund: Fund) -> bool:
    return fund.is_active and fund.purpose != "suspense"


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else MAX_ACCOUNTS


def _allocate(request: HttpRequest, item: SuspenseItem, forms: AllocationForms) -> bool:
    """Allocate and say so. False when the forms now hold why not."""
    targets = forms.targets()
    try:
        services.allocate(
            item.pk,
            targets,
            actor=actor_of(request),
            at=clock.now(),
            narrative=forms.note.cleaned_data["note"],
            idempotency_key=f"suspense:{item.pk}:{forms.key()}",
        )
    except _REFUSALS as error:
        forms.refuse(error)
        return False
    except SameKeyOtherContent:
        forms.note.add_error(
            None,
            "You already allocated from this page, with other answers. See the history below. "
            "If you want to move more money, check the amounts and choose Allocate again.",
        )
        forms.fresh_key()
        return False
    moved = format_pounds(abs(sum(target.amount_pence for target in targets)))
    places = "1 account" if len(targets) == 1 else f"{len(targets)} accounts"
    left = selectors.get_item(item.pk).remaining_pence
    rest = f"{format_pounds(abs(left))} remains." if left else "This item is cleared."
    messages.success(request, f"{moved} was allocated to {places}. {rest}")
    return True


def _page(request: HttpRequest, item: SuspenseItem, forms: AllocationForms) -> HttpResponse:
    actor = actor_of(request)
    story = report.story(item.pk, within_funds=fund_ids(actor, "suspense.view"))
    context: dict[str, Any] = {
        "story": story,
        "item": story.item,
        "reasons": report.REASONS,
        "forms": forms,
        "page_errors": forms.errors(),
        "max_accounts": MAX_ACCOUNTS,
        "may_allocate": actor.may("suspense.allocate"),
        "may_see_import": actor.may("imports.view"),
        "may_see_ledger": actor.may("ledger.view"),
        "next_item": report.next_open(item),
        "history": history(story),
        "age": age(item.opened_on, clock.today()),
    }
    return render(request, "backoffice/suspense/item.html", context)
