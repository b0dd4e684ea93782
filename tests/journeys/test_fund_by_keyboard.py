"""A fund is added, changed and retired with a keyboard, with JavaScript and without."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import expect

from ims.funds.models import Fund
from ims_tenants.current import enter
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("scripts", [True, False])
def test_a_fund_from_its_first_day_to_its_last(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    code = secrets.token_hex(2).upper()
    fund = f"{code} Allotments"
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        keys, main = Keyboard(page), page.get_by_role("main")
        keys.follow("Settings", navigation=True)
        keys.follow("Funds")
        keys.follow("Add a fund", role="button")
        keys.type("Code", code)
        # Return sends the form: what is missing is said, and what was typed is still there.
        keys.save()
        expect(page.get_by_role("alert")).to_contain_text("Enter name")
        keys.type("Name", "Allotments")
        keys.type("Ledger code", "70-4730-0100")
        keys.choose("VAT code", "O")
        keys.type("Largest amount (optional)", "500")
        keys.save()
        expect(main).to_contain_text(f"{fund} is added.")
        keys.follow("Change", role="button")
        keys.type("Largest amount (optional)", "750")
        keys.type("Why are you changing this?", "The council agreed it")
        keys.save()
        expect(main).to_contain_text(f"{fund}: the change is saved.")
        expect(main).to_contain_text("£750.00")
        keys.follow("Retire")
        keys.type("Why are you retiring it?", "The allotments are let by a charity now")
        keys.follow("Retire this fund", role="button")
        expect(main).to_contain_text(f"{fund} is retired.")
        if scripts:
            looked_at(page, "fund-retired")
    with enter(live_councils.northmoor.council):
        kept = Fund.objects.get(code=code)
        assert (kept.is_active, kept.max_pence) == (False, 75_000)
    with enter(live_councils.eastshire.council):
        assert not Fund.objects.filter(code=code).exists()
