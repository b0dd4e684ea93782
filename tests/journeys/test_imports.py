"""A bank file in a browser: uploaded, previewed, posted, and what is said when it is wrong."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from ims.imports.models import ImportFile
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims_kernel import clock
from ims_tenants.current import enter
from tests.ims.backoffice.bank_day import KNOWN, MIXED, camt, csv_with_bad_line, ready
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

# Longer than the four seconds after which a page without scripts loads itself again.
REFRESHED = 10_000


def new_name() -> str:
    """A file name, and so a statement, that no other test has."""
    return f"bank-{secrets.token_hex(4)}.xml"


def upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/imports/upload")
    page.get_by_label("Bank statement").check()
    page.get_by_label("Bank file").set_input_files(
        FilePayload(name=name, mimeType="text/plain", buffer=data)
    )
    page.get_by_role("button", name="Upload and preview").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_goes_from_the_bank_to_the_ledger(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    name = new_name()
    council = live_councils.northmoor.council
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        upload(page, name, camt(*MIXED, statement=name))
        expect(page.get_by_text("Reading the file")).to_be_visible()
        if scripts:
            looked_at(page, "import-received")
        with enter(council):
            found = ImportFile.objects.get(file_name=name)
            read_file(found.pk)
        # Nobody presses anything: the page finds out by itself.
        preview = page.get_by_role("heading", name="What posting this file would do")
        expect(preview).to_be_visible(timeout=REFRESHED)
        expect(page.get_by_role("region", name="What posting this file would do")).to_contain_text(
            "£210.50"
        )
        if scripts:
            looked_at(page, "import-preview")
        page.get_by_role("button", name="Post 4 lines").click()
        expect(page.get_by_text("0 of 4").first).to_be_visible()
        if scripts:
            looked_at(page, "import-posting")
        with enter(council):
            post_file(found.pk, clock=clock.now)
        result = page.get_by_role("heading", name="What became of this file")
        expect(result).to_be_visible(timeout=REFRESHED)
        expect(page.get_by_text("Every line is accounted for, to the penny.")).to_be_visible()
        if scripts:
            looked_at(page, "import-posted")
            page.goto("/imports")
            looked_at(page, "imports")
        page.goto("/imports")
        page.get_by_role("link", name=name).click()
        expect(result).to_be_visible()


def test_what_is_wrong_with_a_file_is_said_where_it_is_chosen(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/imports/upload")
        looked_at(page, "import-upload")
        page.get_by_role("button", name="Upload and preview").click()
        expect(page.get_by_role("alert")).to_contain_text("Select a bank file")
        looked_at(page, "import-upload-errors")
        page.get_by_role("link", name="Select a bank file").click()
        expect(page.get_by_label("Bank file")).to_be_focused()
        upload(page, "letter.pdf", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n1 0 obj")
        expect(page.get_by_role("alert")).to_contain_text("The file is a PDF")
        upload(page, "empty.csv", b"")
        expect(page.get_by_role("alert")).to_contain_text("The selected file is empty")


def test_the_same_file_twice_leads_to_the_first(live_councils: LiveCouncils, visit: PageOf) -> None:
    name = new_name()
    data = camt(KNOWN, statement=name)
    with enter(live_councils.northmoor.council):
        ready(data, name)
    with visit(live_councils.northmoor.url) as page:
        upload(page, "renamed.xml", data)
        expect(page.get_by_role("heading", name="This file is already here")).to_be_visible()
        looked_at(page, "import-twice")
        page.get_by_role("button", name="Open the first import").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_rejected_lines_can_be_seen_and_taken_away(
    live_councils: LiveCouncils, visit: PageOf, tmp_path: Path
) -> None:
    name = new_name()
    with enter(live_councils.northmoor.council):
        found = ready(csv_with_bad_line(*[KNOWN] * 3, *MIXED, bad=3), name)
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/imports/{found.pk}")
        page.get_by_role("link", name="Rejected 1").click()
        expect(page.get_by_text("is not a date")).to_be_visible()
        looked_at(page, "import-rejected-lines")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download the rejected lines").click()
        waiting.value.save_as(tmp_path / "rejected.csv")
        assert "32/13/2026" in (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
        page.get_by_role("link", name="Discard this file").click()
        page.get_by_role("button", name="Discard this file").click()
        looked_at(page, "import-discard-errors")
        page.get_by_label("Why are you discarding this file?").fill("The bank sent it by mistake")
        page.get_by_role("button", name="Discard this file").click()
        expect(page.get_by_role("alert")).to_contain_text("was discarded")
        looked_at(page, "import-discarded")


def test_a_preview_is_posted_by_keyboard_alone(live_councils: LiveCouncils, visit: PageOf) -> None:
    name = new_name()
    with enter(live_councils.northmoor.council):
        found = ready(camt(*MIXED, statement=name), name)
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/imports/{found.pk}")
        post = page.get_by_role("button", name="Post 4 lines")
        for _ in range(25):
            page.keyboard.press("Tab")
            if post.evaluate("it => it === document.activeElement"):
                break
        expect(post).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Posting", exact=True)).to_be_visible()


def test_a_double_press_posts_once(live_councils: LiveCouncils, visit: PageOf) -> None:
    name = new_name()
    with enter(live_councils.northmoor.council):
        found = ready(camt(*MIXED, statement=name), name)
    with visit(live_councils.northmoor.url, scripts=False) as page:
        page.goto(f"/imports/{found.pk}")
        page.get_by_role("button", name="Post 4 lines").dblclick()
        expect(page.get_by_text("Posting", exact=True)).to_be_visible()
    with enter(live_councils.northmoor.council):
        done = post_file(found.pk, clock=clock.now)
        assert (done.posted_count, done.parked_count) == (1, 3)
