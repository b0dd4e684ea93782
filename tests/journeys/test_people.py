"""A manager brings somebody on, limits what they may do, and lets them leave; all by keyboard."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from ims.funds.models import Fund, FundGroup
from ims_kernel.identity.models import User
from ims_tenants.current import enter
from tests.journeys.browser import looked_at, page_of
from tests.journeys.conftest import LiveCouncils, PageOf, sign_in

pytestmark = pytest.mark.journey

Look = Callable[[Page, str], None]
PASSWORD = "seven-green-kettles"


def make_group(live: LiveCouncils) -> None:
    with enter(live.northmoor.council):
        group, _ = FundGroup.objects.get_or_create(code="TAX", defaults={"name": "Local taxes"})
        group.funds.set(Fund.objects.filter(code="CT"))


def main_button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_joins_works_in_their_funds_and_leaves(
    live_councils: LiveCouncils, visit: PageOf, browser: Browser, *, scripts: bool
) -> None:
    make_group(live_councils)
    mark, url = secrets.token_hex(3), live_councils.northmoor.url
    name, email = f"Ada {mark}", f"ada.{mark}@example.org"
    look = looked_at if scripts else lambda *_: None
    with visit(url, scripts=scripts) as page:
        path = invited(page, name, email, look)
    with page_of(browser, scripts=scripts, base_url=url) as theirs:
        accepted(theirs, path, look)
        sign_in(theirs, email, PASSWORD)
        theirs.goto("/transactions")
        expect(theirs.get_by_label("Fund").locator("option")).to_have_count(2)
        with enter(live_councils.northmoor.council):
            user = User.objects.get(email=email)
        with visit(url, scripts=scripts) as page:
            page.goto(f"/settings/people/{user.pk}")
            page.get_by_role("link", name="They are leaving").click()
            page.get_by_label("Why?").fill("End of contract")
            look(page, "person-leave")
            page.keyboard.press("Enter")
            expect(page.get_by_role("main")).to_contain_text("They are signed out")
            look(page, "person-left")
        theirs.goto("/transactions")
        expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()


def invited(page: Page, name: str, email: str, look: Look) -> str:
    """Invite somebody as auditor of local taxes; returns the path of their link."""
    page.goto("/settings")
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("button", name="Invite somebody").click()
    main_button(page, "Invite")
    expect(page.get_by_role("alert")).to_contain_text("Enter their name")
    look(page, "people-invite-errors")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Role", exact=True).select_option(label="Auditor")
    page.get_by_label("Only those ticked below").check()
    page.get_by_label("Local taxes").check()
    page.get_by_label("Limit for one act (optional)").fill("500")
    look(page, "people-invite")
    main_button(page, "Invite")
    expect(page.get_by_role("heading", name=f"{name} is invited")).to_be_visible()
    link = page.get_by_label("Link to choose a password").input_value()
    look(page, "people-invited")
    page.get_by_role("main").get_by_role("link", name=f"Go to the page of {name}").click()
    expect(page.get_by_role("main")).to_contain_text("Fund groups: Local taxes")
    look(page, "person-invited")
    return "/invitation/" + link.rsplit("/", 1)[1]


def accepted(page: Page, path: str, look: Look) -> None:
    """Choose a password, the second time a good one."""
    page.goto(path)
    page.get_by_label("Choose a password").fill("password")
    main_button(page, "Set the password")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "invitation-errors")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    page.goto(path)
    look(page, "invitation-used")


def test_roles_and_rules_are_changed(live_councils: LiveCouncils, visit: PageOf) -> None:
    make_group(live_councils)
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings/roles")
        looked_at(page, "roles")
        page.get_by_role("link", name="Cashier").click()
        looked_at(page, "role-add")
        main_button(page, "Add the role")
        expect(page.get_by_role("heading", name="Cashier")).to_be_visible()
        page.get_by_label("Name", exact=True).fill("")
        main_button(page, "Save the role")
        expect(page.get_by_role("alert")).to_contain_text("Enter a name for the role")
        looked_at(page, "role-errors")
        page.goto("/settings/people")
        looked_at(page, "people")
        page.get_by_label("Name or email address").fill("tom")
        main_button(page, "Apply filters")
        page.get_by_role("main").get_by_role("link", name="Tom Reader").click()
        looked_at(page, "person")
        page.get_by_role("button", name="Give a role").click()
        looked_at(page, "person-role")
        page.get_by_label("Role", exact=True).select_option(label="Cashier")
        page.get_by_label("Only those ticked below").check()
        main_button(page, "Give the role")
        expect(page.get_by_role("alert")).to_contain_text("Tick at least one")
        looked_at(page, "person-role-errors")
        page.get_by_label("Local taxes").check()
        main_button(page, "Give the role")
        page.get_by_role("link", name=re.compile("Take away.*Cashier")).click()
        looked_at(page, "grant-end")


def test_a_second_person_is_asked_for(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings/people/rules")
        page.get_by_label("Giving somebody a role").check()
        looked_at(page, "people-rules")
        main_button(page, "Save")
        expect(page.get_by_role("main")).to_contain_text("The rules are saved.")
        page.goto("/settings/people?text=tom")
        page.get_by_role("main").get_by_role("link", name="Tom Reader").click()
        page.get_by_role("button", name="Give a role").click()
        page.get_by_label("Role", exact=True).select_option(label="Auditor")
        main_button(page, "Give the role")
        page.get_by_role("link", name=re.compile("Decide.*Auditor")).click()
        expect(page.get_by_role("main")).to_contain_text("You asked for this")
        looked_at(page, "grant-request")
        main_button(page, "Take it back")
        page.goto("/settings/people/rules")
        page.get_by_label("Giving somebody a role").uncheck()
        main_button(page, "Save")
        page.goto("/settings/people/access")
        looked_at(page, "access")
