"""Who can do what, and who did: for auditors, as a page and as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ims.backoffice.asking import actor_of
from ims.backoffice.people import showing
from ims.backoffice.people.views import VIEW
from ims.reports.access import Holder, Power, powers
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.identity.states import LABELS, State
from ims_kernel.money import plain_pounds
from ims_kernel.spreadsheets import safe_cell
from ims_kernel.web.dates import format_instant

HEADER = (
    "Permission", "What it lets a person do", "Name", "Email address", "State", "By role", "Where",
    "Limit in pounds", "First day", "Last day", "Given by", "Given at", "Last used",
)  # fmt: skip


@require_safe
@requires(VIEW)
def access_page(request: HttpRequest) -> HttpResponse:
    """Every permission with who holds it. Looking is written down, for auditors are watched too."""
    record_read(actor_of(request), Subject("access", "page"), at=clock.now())
    found = powers(clock.today())
    context: dict[str, Any] = {
        "powers": found,
        "held": [power for power in found if power.holders],
        "unheld": [power for power in found if not power.holders],
        "limit": showing.limit,
        "tag": showing.tag,
    }
    return render(request, "backoffice/people/access.html", context)


@require_safe
@requires(VIEW)
def access_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file, one line for each way a person holds a permission."""
    at = clock.now()
    found = powers(clock.today())
    rows = [_cells(power, holder) for power in found for holder in power.holders]
    subject = Subject("access", "csv")
    record(actor_of(request), "identity.download_access", subject, at=at, rows=len(rows))
    buffer = io.StringIO()
    # Spreadsheets need the mark to read UTF-8.
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    response = HttpResponse(buffer.getvalue().encode(), content_type="text/csv; charset=utf-8")
    name = f"who-can-do-what-{at.astimezone(clock.LONDON):%Y-%m-%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(power: Power, holder: Holder) -> tuple[str, ...]:
    user, grant = holder.user, holder.grant
    return (
        power.permission,
        power.words,
        safe_cell(user.name),
        safe_cell(user.email),
        LABELS[State(user.state)],
        safe_cell(grant.role.name),
        safe_cell(holder.scope),
        "" if grant.limit_pence is None else plain_pounds(grant.limit_pence),
        f"{grant.starts_on:%d/%m/%Y}",
        f"{grant.ends_on:%d/%m/%Y}" if grant.ends_on else "",
        safe_cell(grant.granted_by),
        format_instant(grant.granted_at),
        format_instant(holder.used_at) if holder.used_at else "",
    )
