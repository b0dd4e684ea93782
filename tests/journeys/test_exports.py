"""Ledger files in a browser."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ims.exports.models import ExportRun
from ims_tenants.current import enter
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey


def give_back(live: LiveCouncils) -> None:
    """Other tests may want lines that have not left."""
    with enter(live.eastshire.council):
        assert not ExportRun.objects.exclude(state="rejected").exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_ledger_file_is_made_downloaded_sent_and_rejected(
    live_councils: LiveCouncils, visit: PageOf, tmp_path: Path, *, scripts: bool
) -> None:
    with visit(live_councils.eastshire.url, scripts=scripts) as page:
        page.goto("/exports")
        if scripts:
            looked_at(page, "exports")
        page.get_by_role("button", name="Make file: General journal").click()
        expect(page.get_by_role("main")).to_contain_text("was made and agrees with the ledger")
        if scripts:
            looked_at(page, "export-ready")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download").click()
        waiting.value.save_as(tmp_path / "file")
        digest = hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest()
        expect(page.get_by_text(digest)).to_be_visible()
        page.get_by_role("button", name="Mark as sent").click()
        expect(page.get_by_role("main")).to_contain_text("is marked as sent")
        if scripts:
            looked_at(page, "export-sent")
        page.get_by_role("link", name="Mark as rejected").click()
        page.get_by_role("button", name="Reject this file").click()
        if scripts:
            looked_at(page, "export-reject-errors")
        page.get_by_label("Why is this file rejected?").fill("The period was closed")
        page.get_by_role("button", name="Reject this file").click()
        expect(page.get_by_role("main")).to_contain_text("Rejected: The period was closed")
        if scripts:
            looked_at(page, "export-rejected")
    give_back(live_councils)


def test_a_date_that_cannot_be_read_is_said_beside_its_field(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.eastshire.url) as page:
        page.goto("/exports")
        page.get_by_label("Only up to").fill("soon")
        page.get_by_role("button", name="Make file: General journal").click()
        expect(page.get_by_role("alert")).to_contain_text("“soon” is not a date")
        looked_at(page, "exports-error")
        page.get_by_role("link", name="“soon” is not a date").click()
        expect(page.get_by_label("Only up to")).to_be_focused()
