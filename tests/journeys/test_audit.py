"""Looking for who did what in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ims_kernel import clock
from ims_kernel.audit import sealing
from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

WHY = "The retention period was agreed by the audit committee on 3 November"


@pytest.mark.parametrize("scripts", [True, False])
def test_an_auditor_finds_a_change_and_sees_before_and_after(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    with enter(live_councils.northmoor.council):
        record(
            Actor("Import", on_behalf_of=Actor("Rhian Bevan", user_id=9)), "settings.change",
            Subject("council", "1"), at=clock.now(), reason=WHY,
            before={"name": "Northmoor", "retention_years": 3, "secret": "changed"},
            after={"name": "Northmoor District Council", "retention_years": 6, "secret": "changed"},
        )  # fmt: skip
        if not scripts:
            sealing.seal(at=clock.now())
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/audit")
        if scripts:
            looked_at(page, "audit")
        page.get_by_label("Person").fill("bevan")
        page.get_by_label("What was done").select_option("settings.change")
        page.get_by_role("button", name="Search").click()
        row = page.get_by_role("row").filter(has_text=WHY).first
        expect(row).to_contain_text("Import for Rhian Bevan")
        if scripts:
            looked_at(page, "audit-filtered")
        row.get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Changed a setting")
        expect(page.get_by_role("table")).to_contain_text("Northmoor District Council")
        sealed = "Not sealed yet" if scripts else "as it was sealed"
        expect(page.get_by_role("main")).to_contain_text(sealed)
        if scripts:
            looked_at(page, "audit-event")
            page.goto("/audit?start=soon")
            looked_at(page, "audit-error")
            page.goto("/audit?thing=nothing+9")
            looked_at(page, "audit-nothing")
    with enter(live_councils.northmoor.council):
        assert AuditEvent.objects.filter(act="audit.read", source="web").exists()
