"""Signing in and out in a browser: who gets in, where they come to, and what is said otherwise."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ims_kernel.identity.models import User
from ims_tenants.current import enter
from tests.journeys.browser import (
    NARROW,
    WIDE,
    assert_fits,
    assert_no_axe_violations,
    screenshot,
)
from tests.journeys.conftest import NEWCOMER, PASSWORD, PRIYA, LiveCouncils, PageOf, sign_in

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_is_accessible_fresh_and_with_errors(
    live_councils: LiveCouncils, visit: PageOf, width: int
) -> None:
    with visit(live_councils.northmoor.url, width=width, email="") as page:
        page.goto("/sign-in")
        screenshot(page, "sign-in", width)
        assert_no_axe_violations(page)
        assert_fits(page)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        screenshot(page, "sign-in-errors", width)
        assert_no_axe_violations(page)
        expect(page.get_by_role("alert")).to_contain_text("Enter your email address")
        page.get_by_role("link", name="Enter your email address").click()
        expect(page.get_by_label("Email address")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_sign_in_leads_back_to_the_page_that_was_asked_for(
    live_councils: LiveCouncils, visit: PageOf, scripts: bool
) -> None:
    with visit(live_councils.northmoor.url, scripts=scripts, email="") as page:
        page.goto("/transactions?account=770000001")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(page.get_by_text("You were signed out")).to_have_count(0)
        page.get_by_label("Email address").fill(f"  {PRIYA.upper()} ")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        assert page.url.endswith("/transactions?account=770000001")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You have signed out.")).to_be_visible()


def test_by_keyboard_alone(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url, email="") as page:
        page.goto("/sign-in")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.get_by_label("Email address").focus()
        page.keyboard.type(PRIYA)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_session_that_ended_says_so_and_leads_back(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/transactions")
        _end_sessions_of(page, live_councils)
        page.goto("/transactions?fund=CT")
        expect(page.get_by_text("You were signed out")).to_be_visible()
        screenshot(page, "signed-out", NARROW)
        assert_no_axe_violations(page)
        page.get_by_label("Email address").fill(PRIYA)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        assert page.url.endswith("/transactions?fund=CT")


def _end_sessions_of(page: Page, live: LiveCouncils) -> None:
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - needs the apps

    with enter(live.northmoor.council):
        Session.objects.all().delete()


def test_the_session_of_one_council_opens_nothing_at_the_other(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url) as page:
        cookie = next(c for c in page.context.cookies() if c["name"] == "ims_session")
        page.context.add_cookies([{**cookie, "domain": "eastshire.localhost"}])  # type: ignore[typeddict-item]
        page.goto(f"{live_councils.eastshire.url}/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_wrong_and_locked_passwords_get_one_answer(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url, email="") as page:
        sign_in(page, "nobody@example.org", "not the password")
        unknown = page.get_by_role("alert").inner_text()
        for _ in range(9):
            sign_in(page, NEWCOMER, "not the password")
            assert page.get_by_role("alert").inner_text() == unknown
        sign_in(page, NEWCOMER, PASSWORD)
        assert page.get_by_role("alert").inner_text() == unknown
        assert "locked for 15 minutes" in unknown
        assert page.get_by_label("Password", exact=True).input_value() == ""
    with enter(live_councils.northmoor.council):
        User.objects.filter(email=NEWCOMER).update(locked_until_at=None, failed_sign_ins=0)


def test_somebody_without_permissions_is_told_whom_to_ask(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with visit(live_councils.northmoor.url, email=NEWCOMER) as page:
        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("See transactions")
        screenshot(page, "no-permission", NARROW)
        assert_no_axe_violations(page)
