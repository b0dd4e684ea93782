"""A council changes its own settings, with a keyboard and without JavaScript."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect

from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportProfile, ImportRule
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_kernel.identity.services import create_user
from ims_kernel.records import kinds, services, uses
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from tests.ims.backoffice.settings.own_kinds import ALL, THINGS
from tests.journeys.browser import looked_at
from tests.journeys.conftest import PASSWORD, LiveCouncils, PageOf

pytestmark = pytest.mark.journey

LONG = "A very long name that somebody typed without ever stopping, to see what became of it all"
WORD = "Unbreakable" * 7


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four kinds with a field of every sort, and no other."""
    monkeypatch.setattr(kinds, "_kinds", {kind.slug: kind for kind in ALL})
    monkeypatch.setattr(uses, "_counters", {})


@pytest.fixture
def grace(live_councils: LiveCouncils) -> str:
    """The address of a second person at Northmoor."""
    email = f"grace-{secrets.token_hex(3)}@example.org"
    with enter(live_councils.northmoor.council):
        create_user(email=email, name="Grace Okafor", password=PASSWORD, roles=["Everything"])
    return email


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).last.click()


def asked(reason: str = "The new contract") -> Asked:
    return Asked(system("Rhian Bevan"), clock.now(), reason)


def thing(live: LiveCouncils, name: str, order: int, **given: object) -> None:
    values = {
        "name": name, "order": order, "method": "CARD", "others": ["BANK", "CASH"],
        "message": "Thank you.\nYour council.", "most": 50_000, "fee": 175, "colour": "#1d4f91",
        "channels": ["web", "desk"], "starts_on": "2026-04-01", "big": "collected",
        "rates": [
            {"starts_on": "2026-04-01", "rate": 2_000, "channel": "web", "fixed": False},
            {"starts_on": "2027-04-01", "rate": 1_750, "channel": "phone", "fixed": True},
        ],
    }  # fmt: skip
    with enter(live.northmoor.council):
        services.save(THINGS, None, values | given, asked=asked())


@pytest.mark.parametrize("scripts", [True, False])
def test_a_record_is_added_changed_and_retired(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    name = f"Leisure {secrets.token_hex(3)}"
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.get_by_role("link", name="Settings").click()
        page.get_by_role("link", name="Items").click()
        page.get_by_role("button", name="Add an item").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Place").fill(f"{900 + scripts}")
        page.get_by_label("Way to pay").select_option("CARD")
        page.get_by_label("Most (optional)").fill("£1,000")
        page.get_by_label("From").first.fill("1 April 2026")
        page.get_by_label("Rate", exact=True).first.fill("20")
        page.get_by_role("button", name="Add another row").click()
        expect(page.get_by_label("From")).to_have_count(2)
        expect(page.get_by_label("Name", exact=True)).to_have_value(name)
        page.get_by_label("From").nth(1).fill("1/4/2027")
        page.get_by_label("Rate", exact=True).nth(1).fill("17.5")
        press(page, "Save")
        expect(page.get_by_role("main")).to_contain_text(f"{name} is added.")
        expect(page.get_by_role("main")).to_contain_text("17.5%")
        page.get_by_role("button", name="Change", exact=True).click()
        page.get_by_label("Remove this row").first.check()
        page.get_by_label("Why are you changing this?").fill("The first rate was wrong")
        press(page, "Save")
        expect(page.get_by_role("main")).to_contain_text("the change is saved")
        expect(page.get_by_role("main")).to_contain_text("The first rate was wrong")
        page.get_by_role("link", name="Retire").click()
        page.get_by_label("Why are you retiring it?").fill("The centre is closed")
        press(page, "Retire this item")
        expect(page.get_by_role("main")).to_contain_text(f"{name} is retired.")
        page.get_by_role("link", name="Put back into use").click()
        page.get_by_label("Why are you putting it back?").fill("It opened again")
        press(page, "Put back into use")
        expect(page.get_by_role("main")).to_contain_text("is in use again")


def test_with_a_keyboard_alone(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings")
        page.get_by_label("Search all settings").focus()
        page.keyboard.type("CASH")
        page.keyboard.press("Enter")
        page.wait_for_url("**text=CASH**")
        page.get_by_role("link", name="CASH Cash").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Change", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_label("Name", exact=True).focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("Cash and coins")
        page.get_by_label("Why are you changing this?").focus()
        page.keyboard.type("Clearer")
        # Return in a field saves: it does not press some other button.
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("the change is saved")


def test_the_first_page_and_the_lists_look_right(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    with enter(live_councils.northmoor.council):
        ImportRule.objects.all().delete()
        MethodOfPayment.objects.update_or_create(
            code="OLD", defaults={"name": LONG[:40], "purpose": "cheque", "is_active": False}
        )
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings")
        looked_at(page, "settings")
        page.goto("/settings?text=ca")
        looked_at(page, "settings-search")
        page.goto("/settings?text=nobody-called-it-this")
        expect(page.get_by_role("heading", name="Nothing is called")).to_be_visible()
        looked_at(page, "settings-search-nothing")
        page.goto("/settings/ways?state=all")
        looked_at(page, "settings-list")
        page.goto("/settings/ways?text=zzz")
        looked_at(page, "settings-list-no-match")
        page.goto("/settings/things")
        expect(page.get_by_role("heading", name="No items yet")).to_be_visible()
        looked_at(page, "settings-list-empty")
        for number in range(3):
            thing(live_councils, f"{LONG[:70]} {number}", number + 1)
        thing(live_councils, WORD, 9)
        page.goto("/settings/things")
        looked_at(page, "settings-list-long")


def test_a_record_and_its_form_look_right(live_councils: LiveCouncils, visit: PageOf) -> None:
    name = f"Form {secrets.token_hex(3)}"
    thing(live_councils, name, 55)
    thing(live_councils, f"{WORD} {name[-2:]}", 56, message=f"{LONG}\n{WORD * 3}")
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/settings/things/{name}")
        looked_at(page, "settings-record")
        page.goto(f"/settings/things/{WORD} {name[-2:]}")
        looked_at(page, "settings-record-long")
        page.goto(f"/settings/things/{WORD} {name[-2:]}/edit")
        looked_at(page, "settings-form-long")
        page.goto("/settings/things/add")
        looked_at(page, "settings-form-empty")
        page.get_by_label("Place").fill("first")
        page.get_by_label("Most (optional)").fill("lots")
        page.get_by_label("Fee (optional)").fill("200")
        page.get_by_label("Colour (optional)").fill("yellow")
        page.get_by_label("Rate", exact=True).first.fill("lots")
        press(page, "Save")
        expect(page.get_by_role("alert")).to_contain_text("Enter name")
        looked_at(page, "settings-form-errors")
        page.get_by_role("link", name="Rates, row 1: “lots” is not a percentage").click()
        expect(page.get_by_label("Rate", exact=True).first).to_be_focused()
        page.goto("/settings/rounding")
        looked_at(page, "settings-single")
        page.goto("/settings/rounding/settings/edit")
        looked_at(page, "settings-single-form")


def test_retiring_and_meeting_somebody_else_look_right(
    live_councils: LiveCouncils, visit: PageOf
) -> None:
    name = f"Both {secrets.token_hex(3)}"
    thing(live_councils, name, 77)
    uses.register("things", "open suspense items", lambda _: 0)
    uses.register("ways", "open suspense items", lambda _: 3, href="/suspense", blocks=True)
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings/ways/BANK/retire")
        looked_at(page, "settings-retire-blocked")
        page.goto(f"/settings/things/{name}/retire")
        press(page, "Retire this item")
        expect(page.get_by_role("alert")).to_contain_text("Enter a reason")
        looked_at(page, "settings-retire-error")
        page.goto(f"/settings/things/{name}/edit")
        page.get_by_label("Place").fill("78")
        page.get_by_label("Why are you changing this?").fill("Mine goes first")
        with enter(live_councils.northmoor.council):
            services.save(THINGS, name, {"fee": 250, "message": LONG}, asked=asked("A new fee"))
        press(page, "Save")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Somebody else changed this")
        looked_at(page, "settings-conflict")
        page.get_by_role("button", name="Go on with my form").click()
        expect(page.get_by_label("Place")).to_have_value("78")
        press(page, "Save")
        expect(page.get_by_role("main")).to_contain_text("the change is saved")


def test_two_people_make_a_change(live_councils: LiveCouncils, visit: PageOf, grace: str) -> None:
    code = secrets.token_hex(3)
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings/changes")
        looked_at(page, "settings-changes-none")
        page.goto("/settings/profiles/add")
        page.get_by_label("Code").fill(code)
        page.get_by_label("Name").fill("Post room")
        page.get_by_label("Way to pay").select_option("BANK")
        page.get_by_label("Why are you adding this?").fill("Cheques come by post now")
        press(page, "Send for approval")
        looked_at(page, "settings-changes")
        page.get_by_role("link", name=f"{code} Post room").click()
        expect(page.get_by_text("You proposed this change")).to_be_visible()
        looked_at(page, "settings-change-own")
    with visit(live_councils.northmoor.url, email=grace) as page:
        page.goto("/settings")
        page.get_by_role("link", name="waits for a second person").click()
        page.get_by_role("link", name=f"{code} Post room").click()
        looked_at(page, "settings-change")
        press(page, "Refuse")
        expect(page.get_by_role("alert")).to_contain_text("Enter why you refuse")
        looked_at(page, "settings-change-error")
        press(page, "Approve and make the change")
        expect(page.get_by_role("main")).to_contain_text("the change is made")
    with enter(live_councils.northmoor.council):
        assert ImportProfile.objects.get(code=code).name == "Post room"
