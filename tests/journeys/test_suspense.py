"""Working through suspense in a browser."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect

from ims.suspense.models import Allocation, SuspenseItem
from ims_config.demo.bank_files import BankLine
from ims_tenants.current import enter
from tests.ims.backoffice.bank_day import DAY, parked
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

CT, HR = "770012345", "60012345678"


def new_item(live: LiveCouncils, pence: int = 4_500) -> tuple[SuspenseItem, str]:
    """An item of its own at Northmoor, and its payer."""
    payer = f"PAYER {secrets.token_hex(4)}"
    with enter(live.northmoor.council):
        line = BankLine(DAY, pence, payer, "HOLIDAY", "A very long story " * 12)
        return parked(line, statement=payer), payer


def fill(page: Page, place: int, fund: str, account: str, amount: str) -> None:
    page.get_by_label("Fund").nth(place).select_option(fund)
    page.get_by_label("Account", exact=True).nth(place).fill(account)
    page.get_by_label("Amount").nth(place).fill(amount)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_item_is_found_and_split_over_two_accounts(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    _, payer = new_item(live_councils)
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/suspense")
        if scripts:
            looked_at(page, "suspense")
        page.get_by_label("Payer or text").fill(payer)
        page.get_by_role("button", name="Apply filters").click()
        row = page.get_by_role("row").filter(has_text=payer)
        expect(row).to_have_count(1)
        if scripts:
            looked_at(page, "suspense-filtered")
        row.get_by_role("link").click()
        if scripts:
            looked_at(page, "suspense-item")
        page.get_by_label("Fund").select_option("CT")
        page.get_by_role("button", name="Add another account").click()
        fill(page, 0, "CT", CT, "40")
        fill(page, 1, "HR", HR, "5.00")
        page.get_by_label("Note (optional)").fill("The payer rang")
        page.get_by_role("main").get_by_role("button", name="Allocate", exact=True).last.click()
        expect(page.get_by_role("main")).to_contain_text("£45.00 was allocated to 2 accounts.")
        expect(page.get_by_role("heading", name="This item is cleared")).to_be_visible()
        if scripts:
            looked_at(page, "suspense-cleared")


def test_mistakes_are_said_beside_their_fields(live_councils: LiveCouncils, visit: PageOf) -> None:
    item, _ = new_item(live_councils)
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/suspense/{item.pk}")
        page.get_by_role("button", name="Add another account").click()
        fill(page, 1, "HR", "", "lots")
        page.get_by_role("main").get_by_role("button", name="Allocate", exact=True).last.click()
        expect(page.get_by_role("alert")).to_contain_text("“lots” is not an amount")
        looked_at(page, "suspense-errors")
        page.get_by_role("link", name="Account 2: “lots” is not an amount").click()
        expect(page.get_by_label("Amount").nth(1)).to_be_focused()
        page.get_by_role("button", name="Remove account 2").click()
        fill(page, 0, "CT", "12", "45.01")
        page.get_by_role("main").get_by_role("button", name="Allocate", exact=True).last.click()
        expect(page.get_by_role("alert")).to_contain_text("does not look like")
        looked_at(page, "suspense-refused")


def test_money_out_is_explained(live_councils: LiveCouncils, visit: PageOf) -> None:
    item, _ = new_item(live_councils, -2_500)
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/suspense/{item.pk}")
        expect(page.get_by_text("This is money out")).to_be_visible()
        looked_at(page, "suspense-money-out")


def test_return_in_a_field_allocates_and_does_not_add_an_account(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    item, _ = new_item(live_councils)
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/suspense/{item.pk}")
        page.get_by_label("Fund").focus()
        page.keyboard.type("Council")
        page.keyboard.press("Tab")
        page.keyboard.type(CT)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="This item is cleared")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_press_allocates_once(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    item, _ = new_item(live_councils)
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto(f"/suspense/{item.pk}")
        fill(page, 0, "CT", CT, "10")
        page.get_by_role("main").get_by_role("button", name="Allocate", exact=True).last.dblclick()
        expect(page.get_by_role("main")).to_contain_text("£35.00 remains.")
    with enter(live_councils.northmoor.council):
        assert Allocation.objects.filter(item_id=item.pk).count() == 1


def test_nothing_found_leads_back(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/suspense?text=nobody-has-this-name&amount=x")
        expect(page.get_by_role("heading", name="No items match")).to_be_visible()
        looked_at(page, "suspense-nothing")
