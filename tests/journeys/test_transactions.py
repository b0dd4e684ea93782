"""Searching for money in a browser, and opening what was found."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ims.ledger import selectors as ledger
from ims_kernel.references import encode
from ims_tenants.current import enter
from tests.journeys.browser import (
    NARROW,
    WIDE,
    assert_fits,
    assert_no_axe_violations,
    screenshot,
)
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

_PAGES = {
    "transactions": "/transactions",
    "transactions-text": "/transactions?text=winterbourne&fund=CT",
    "transactions-none": "/transactions?account=nowhere",
    "transactions-bad": "/transactions?amount=1.234&text=ab&start=31/2/2026&receipt=00000",
    "transaction-unknown": "/transactions/ABCDEF",
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", _PAGES)
def test_pages_are_accessible_at_every_width(
    live_councils: LiveCouncils, visit: PageOf, name: str, width: int
) -> None:
    with visit(live_councils.northmoor.url, width=width) as page:
        page.goto(_PAGES[name])
        screenshot(page, name, width)
        assert_no_axe_violations(page)
        assert_fits(page)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", ["allocation", "parked", "imported"])
def test_one_transaction_is_accessible_at_every_width(
    live_councils: LiveCouncils, visit: PageOf, kind: str, width: int
) -> None:
    number = _number_of(live_councils, kind)
    with visit(live_councils.northmoor.url, width=width) as page:
        page.goto(f"/transactions/{number}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        screenshot(page, f"transaction-{kind}", width)
        assert_no_axe_violations(page)
        assert_fits(page)


def _number_of(live: LiveCouncils, kind: str) -> str:
    with enter(live.northmoor.council):
        moved = ledger.lines().filter(entry__kind="allocation").select_related("entry")[0]
        if kind == "allocation":
            return encode(moved.entry_id)
        if kind == "parked":
            return encode(moved.entry.corrects_id or 0)
        newest = ledger.lines().filter(entry__kind="receipt").order_by("-id")[0]
        return encode(newest.entry_id)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_search_to_a_transaction_and_back(
    live_councils: LiveCouncils, visit: PageOf, scripts: bool
) -> None:
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/transactions")
        page.get_by_label("Amount in pounds").fill("10 to 20")
        page.get_by_label("Fund").select_option(label="Council Tax (CT)")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="Amount in pounds: £10.00 to £20.00")).to_be_visible()
        first = page.get_by_role("table", name="Transactions").get_by_role("link").first
        number = first.inner_text()
        first.click()
        expect(page.get_by_role("heading", name=f"Receipt {number}")).to_be_visible()
        page.go_back()
        page.get_by_role("link", name="Remove the filter Amount in pounds").click()
        expect(page.get_by_role("link", name="Amount in pounds")).to_have_count(0)
        expect(page.get_by_role("link", name="Remove the filter Fund")).to_be_visible()


def test_pages_by_keyboard(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/transactions")
        rows = page.get_by_role("table", name="Transactions").get_by_role("link")
        before = rows.all_inner_texts()
        page.get_by_role("link", name="Next page").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Previous page")).to_be_visible()
        after = rows.all_inner_texts()
        assert len(before) == 50
        assert not set(before) & set(after)
        page.get_by_role("link", name="Previous page").press("Enter")
        expect(page.get_by_text(", newest first.")).to_be_visible()
        assert rows.all_inner_texts() == before


def test_an_error_takes_the_focus_and_leads_to_its_field(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/transactions")
        page.get_by_label("Payer or text").fill("ab")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.get_by_role("link", name="Enter at least 3 characters").press("Enter")
        expect(page.get_by_label("Payer or text")).to_be_focused()


def test_the_download_is_the_search(
    live_councils: LiveCouncils, visit: PageOf, tmp_path: Path
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/transactions?fund=SUSP")
        said = page.get_by_text(", newest first.").inner_text()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download as CSV").click()
        waiting.value.save_as(tmp_path / "found.csv")
    text = (tmp_path / "found.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert said.startswith(f"{len(rows)} lines")
    assert {row["Fund code"] for row in rows} == {"SUSP"}
    assert "Eastshire" not in text


def test_a_number_of_the_other_council_leads_nowhere(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with enter(live_councils.eastshire.council):
        theirs = set(ledger.lines().values_list("entry_id", flat=True))
    with enter(live_councils.northmoor.council):
        ours = set(ledger.lines().values_list("entry_id", flat=True))
    with visit(live_councils.northmoor.url) as page:
        for entry_id in sorted(theirs)[:3]:
            page.goto(f"/transactions/{encode(entry_id)}")
            assert "Eastshire" not in page.content()
            assert (entry_id in ours) is page.get_by_role("heading", name="Receipt").is_visible()
