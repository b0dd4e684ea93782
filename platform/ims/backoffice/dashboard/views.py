"""The page the day starts with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ims.backoffice.asking import actor_of
from ims.backoffice.dashboard import showing
from ims.backoffice.imports.showing import TAGS as IMPORT_TAGS
from ims.backoffice.setting_up import setting_up
from ims.imports.selectors import list_imports
from ims.reports.income import income
from ims.reports.scope import fund_ids
from ims.reports.worklist import files_waiting, lines_unsent, suspense_open
from ims_kernel import clock
from ims_kernel.identity.gate import requires

LATEST_IMPORTS = 5


@requires("ledger.view")
def dashboard(request: HttpRequest) -> HttpResponse:
    """What needs somebody now, what came in, and what waits. Each part by its own permission."""
    actor = actor_of(request)
    today = clock.today()
    came_in = income(today, within_funds=fund_ids(actor, "ledger.view"))
    files = files_waiting() if actor.may("imports.view") else None
    waiting = suspense_open(today) if actor.may("suspense.view") else None
    unsent = lines_unsent() if actor.may("exports.view") else None
    context = {
        "today": today,
        "setting_up": setting_up(actor),
        "income": came_in,
        "month": {"start": f"{came_in.by_day[0].day:%d/%m/%Y}", "end": f"{today:%d/%m/%Y}"},
        "headline": showing.headline(came_in),
        "days": showing.day_columns(came_in),
        "fund_chart": showing.income_chart(
            came_in.by_fund, title="Income by fund, last 30 days", name="by-fund"
        ),
        "method_chart": showing.income_chart(
            came_in.by_method, title="Income by method, last 30 days", name="by-method"
        ),
        "tasks": showing.tasks(files, waiting, unsent),
        "has_tasks": any(part is not None for part in (files, waiting, unsent)),
        "suspense": waiting,
        "age_chart": showing.age_chart(waiting) if waiting else None,
        "imports": list_imports(LATEST_IMPORTS) if files else None,
        "import_tags": IMPORT_TAGS,
    }
    return render(request, "backoffice/dashboard/dashboard.html", context)
