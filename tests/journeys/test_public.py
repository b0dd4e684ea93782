"""The public host, the accessibility statement and the error pages, in a browser."""

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
from tests.journeys.conftest import OPERATOR, PRIYA, LiveCouncils, PageOf

pytestmark = pytest.mark.journey

# Name of the picture: address, and who looks at it (nobody when empty).
_ON_THE_PUBLIC_HOST = {
    "public-about": ("/", ""),
    "public-about-operator": ("/", OPERATOR),
    "public-councils": ("/councils", OPERATOR),
    "public-sign-in": ("/sign-in", ""),
    "public-accessibility": ("/accessibility", ""),
    "public-404": ("/nowhere", ""),
}
_AT_A_COUNCIL = {
    "accessibility": ("/accessibility", PRIYA),
    "council-404": ("/nowhere", PRIYA),
    "council-404-signed-out": ("/nowhere", ""),
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", [*_ON_THE_PUBLIC_HOST, *_AT_A_COUNCIL])
def test_pages_are_accessible_at_every_width(
    live_councils: LiveCouncils, visit: PageOf, name: str, width: int
) -> None:
    public = name in _ON_THE_PUBLIC_HOST
    address, email = (_ON_THE_PUBLIC_HOST if public else _AT_A_COUNCIL)[name]
    url = live_councils.public_url if public else live_councils.northmoor.url
    with visit(url, width=width, email=email) as page:
        page.goto(address)
        screenshot(page, name, width)
        assert_no_axe_violations(page)
        assert_fits(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_operator_finds_a_council_and_its_address(
    live_councils: LiveCouncils, visit: PageOf, scripts: bool
) -> None:
    with visit(live_councils.public_url, scripts=scripts, email="") as page:
        page.goto("/")
        page.get_by_role("button", name="Sign in as an operator").click()
        page.get_by_label("Email address").fill(OPERATOR)
        page.get_by_label("Password", exact=True).fill("correct-horse-battery")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        row = page.get_by_role("row", name="Northmoor Live District Council")
        expect(row).to_contain_text("Onboarding")
        row.get_by_role("link").click()
        assert page.url.startswith(f"{live_councils.northmoor.url}/sign-in")


def test_the_footer_leads_to_the_statement_of_the_host(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.get_by_role("link", name="Accessibility statement").click()
        expect(page.get_by_role("main")).to_contain_text("Northmoor Live District Council")


def test_an_unknown_host_names_no_council(live_councils: LiveCouncils, visit: PageOf) -> None:
    url = live_councils.northmoor.url.replace("northmoor", "nobody")
    with visit(url, email="") as page:
        page.goto("/")
        screenshot(page, "unknown-host", NARROW)
        assert_no_axe_violations(page)
        expect(
            page.get_by_role("heading", name="There is no council at this address")
        ).to_be_visible()
        assert "Northmoor" not in page.content()
