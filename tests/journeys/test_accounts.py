"""Accounts in a browser: a file is loaded, an account is found, and one is kept by hand."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import FilePayload, Page, expect

from ims.accounts import loading
from ims.accounts.models import AccountHolder, AccountLoad, AccountMessage
from ims.funds.models import Fund
from ims_kernel import clock
from ims_tenants.current import enter
from tests.factories.accounts import HEADER, applied, csv_of, line, preview
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

# Longer than the four seconds after which a page without scripts loads itself again.
REFRESHED = 10_000
LONG = (
    "770099999,Professor,Maximiliana-Alexandrina,Featherstonehaugh-Cholmondeley of Northmoor "
    "Estates Limited,Flat 127 The Old Corn Exchange and Granary Buildings,NM12 9ZZ,-1234567.89"
)


def upload(page: Page, name: str, data: bytes, *, everything: bool) -> None:
    page.goto("/accounts/loads/upload")
    page.get_by_label("Fund", exact=True).select_option("CT")
    page.get_by_label("Every account" if everything else "Changes only").check()
    page.get_by_label("Account file").set_input_files(
        FilePayload(name=name, mimeType="text/csv", buffer=data)
    )
    page.get_by_role("button", name="Upload and preview").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_goes_from_the_back_office_to_the_accounts(
    live_councils: LiveCouncils, visit: PageOf, *, scripts: bool
) -> None:
    mark = secrets.token_hex(3).upper()
    name = f"council-tax-{mark}.csv"
    lines = [line(f"{mark}{number}", "OKAFOR", f"{number}.00") for number in range(40)]
    data = csv_of(*lines, LONG, line(f"{mark}X", "=HYPERLINK(1)"))
    council = live_councils.northmoor.council
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        upload(page, name, data, everything=False)
        expect(page.get_by_text("Comparing the file with the accounts")).to_be_visible()
        if scripts:
            looked_at(page, "account-load-received")
        with enter(council):
            found = AccountLoad.objects.get(file_name=name)
            loading.read_load(found.pk)
        heading = page.get_by_role("heading", name="What applying this file would do")
        expect(heading).to_be_visible(timeout=REFRESHED)
        page.get_by_role("button", name="Apply this file").click()
        expect(page.get_by_role("alert")).to_contain_text("Confirm that the other lines")
        if scripts:
            looked_at(page, "account-load-preview")
        page.get_by_label("Leave out the 1 line that cannot be used").check()
        page.get_by_role("button", name="Apply this file").click()
        expect(page.get_by_text("Applying", exact=False).first).to_be_visible()
        if scripts:
            looked_at(page, "account-load-applying")
        with enter(council):
            loading.apply_load(found.pk, at=clock.now())
        expect(page.get_by_role("heading", name="What this file did")).to_be_visible(
            timeout=REFRESHED
        )
        if scripts:
            looked_at(page, "account-load-applied")
            page.goto("/accounts/loads")
            looked_at(page, "account-loads")
            page.goto("/accounts")
            looked_at(page, "accounts")
        page.goto("/accounts")
        page.get_by_label("Reference").fill(f"{mark}1")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name=f"{mark}11", exact=True).click()
        expect(page.get_by_role("heading", name=f"{mark}11")).to_be_visible()


def test_searching_says_what_helps(live_councils: LiveCouncils, visit: PageOf) -> None:
    with enter(live_councils.northmoor.council):
        applied(csv_of(*[line(f"66{number:04d}", "NOWAK") for number in range(60)], LONG),
                mode="delta")  # fmt: skip
    with visit(live_councils.northmoor.url) as page:
        page.goto("/accounts?surname=nowak")
        looked_at(page, "accounts-found")
        page.goto("/accounts?surname=feather&state=all")
        looked_at(page, "accounts-found-long")
        page.goto("/accounts?surname=nobody")
        expect(page.get_by_role("heading", name="No account matches")).to_be_visible()
        looked_at(page, "accounts-none")
        page.goto("/accounts?address=high")
        expect(page.get_by_role("alert")).to_contain_text("Enter a postcode")
        looked_at(page, "accounts-error")


def test_an_account_is_kept_by_hand(live_councils: LiveCouncils, visit: PageOf) -> None:
    reference = secrets.token_hex(4).upper()
    with visit(live_councils.northmoor.url) as page:
        page.goto("/accounts/add")
        looked_at(page, "account-add")
        page.get_by_role("button", name="Add account").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter the reference")
        looked_at(page, "account-add-errors")
        page.get_by_label("Fund", exact=True).select_option("CT")
        page.get_by_label("Reference").fill(reference)
        page.get_by_label("Surname or name of the organisation").fill("Singh")
        page.get_by_label("Balance", exact=True).fill("45.10")
        page.get_by_role("button", name="Add account").click()
        expect(page.get_by_role("heading", name=reference)).to_be_visible()
        page.get_by_role("button", name="Change").click()
        looked_at(page, "account-change")
        page.get_by_label("Surname or name of the organisation").fill("Kaur")
        page.get_by_role("button", name="Save changes").click()
        expect(page.get_by_text("was changed")).to_be_visible()
        page.get_by_role("link", name="Close this account").click()
        page.get_by_role("button", name="Close this account").click()
        looked_at(page, "account-close-errors")
        page.get_by_label("Why are you closing this account?").fill("Moved away")
        page.get_by_role("button", name="Close this account").click()
        expect(page.get_by_text("Closed by hand")).to_be_visible()
        looked_at(page, "account-closed")


def test_a_stop_is_seen_at_once(live_councils: LiveCouncils, visit: PageOf) -> None:
    mark = secrets.token_hex(3).upper()
    with enter(live_councils.northmoor.council):
        AccountMessage.objects.create(
            code=f"S{mark}", fund=Fund.objects.get(code="CT"), name="With enforcement agents",
            severity="stop", words_to_staff="Do not take money. Send the caller to recovery, "
            "extension 4410, who know what was agreed.", channels=["phone", "counter"],
            words_to_payer="Please call us about this account.",
        )  # fmt: skip
        header = f"{HEADER},message,user_1,balance_on,period_debit,period_credit"
        applied(
            csv_of(f"{line(mark)},S{mark},Band C,2026-08-03,1200.00,340.00",
                   f"{LONG},,,,,", header=header),
            mode="delta",
        )  # fmt: skip
        stopped = AccountHolder.objects.get(reference=mark)
        long = AccountHolder.objects.get(reference="770099999")
        refused = preview(csv_of(line(f"{mark}1"), line(f"{mark}2", balance="x")), mode="delta")
    with visit(live_councils.northmoor.url) as page:
        page.goto(f"/accounts/{stopped.pk}")
        expect(page.get_by_role("heading", name="With enforcement agents")).to_be_visible()
        looked_at(page, "account-stopped")
        page.goto(f"/accounts/{long.pk}")
        looked_at(page, "account-long")
        page.goto(f"/accounts/loads/{refused.pk}")
        looked_at(page, "account-load-refused")
        page.goto("/accounts/loads/upload")
        page.get_by_role("button", name="Upload and preview").click()
        looked_at(page, "account-upload-errors")
