"""The page a Monday begins with, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import (
    NARROW,
    WIDE,
    assert_fits,
    assert_no_axe_violations,
    screenshot,
)
from tests.journeys.conftest import READER, LiveCouncils, PageOf

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
def test_it_is_accessible_at_every_width(
    live_councils: LiveCouncils, visit: PageOf, width: int
) -> None:
    with visit(live_councils.northmoor.url, width=width) as page:
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        screenshot(page, "dashboard", width)
        assert_no_axe_violations(page)
        assert_fits(page)


def test_what_needs_priya_leads_to_where_it_is_done(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url, scripts=False) as page:
        needs = page.get_by_role("region", name="What needs you now")
        expect(needs.get_by_role("link")).to_have_count(3)
        for name, address in (("Post", "imports"), ("Explain", "suspense"), ("Send", "exports")):
            page.goto("/")
            needs.get_by_role("link", name=name).click()
            assert page.url == f"{live_councils.northmoor.url}/{address}"


def test_each_chart_has_its_numbers_in_a_table(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        expect(page.get_by_role("img", name="Income by fund")).to_be_visible()
        funds = page.get_by_role("table", name="Income by fund")
        expect(funds.get_by_role("row")).to_have_count(4)
        days = page.get_by_role("table", name="Income by day")
        expect(days).to_be_hidden()
        page.locator("summary").press("Enter")
        expect(days.get_by_role("row")).to_have_count(31)
        assert_no_axe_violations(page)


def test_by_keyboard_from_the_top_to_the_first_task(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Post 1 file")).to_be_focused()


def test_who_only_reads_transactions_sees_no_other_section(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url, email=READER) as page:
        expect(page.get_by_role("link", name="Transactions")).to_be_visible()
        expect(page.get_by_role("link", name="Imports")).to_have_count(0)
        expect(page.get_by_text("Suspense by age")).to_have_count(0)
        screenshot(page, "dashboard-reader", WIDE)


def test_nothing_of_the_other_council_is_on_it(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        words = page.get_by_role("main").inner_text()
        assert "Eastshire" not in page.content()
        assert "Music Service" not in words
    with visit(live_councils.eastshire.url) as page:
        assert "Northmoor" not in page.content()
