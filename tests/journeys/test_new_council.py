"""A new council, from its first command to its first receipt: by the console alone, and by a file.

The finance officer has a keyboard and no mouse, and after the link of the invitation types no
address: every page is found from the one before. Recorded when IMS_SCREENSHOTS names a folder: a
picture of each step, and `new-council.zip` for `playwright show-trace`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from ims.ledger.models import Entry
from ims_config import cli, starters
from ims_config.demo.bank_files import BankLine, write_camt053, write_lloyds_csv
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from ims_tenants.selectors import get_council
from tests.conftest import fingerprint
from tests.councils import drop
from tests.factories.workers import worker
from tests.ims_kernel.signin.people import code_of
from tests.journeys.browser import looked_at, page_of, screenshot
from tests.journeys.conftest import LiveCouncils
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.journey

NEW_PASSWORD = "violet tractor monday"
FINANCE = "Finance manager"
# The page of a file finds out by itself what the worker did.
WORKED = 60_000
Ims = Callable[..., Any]


@pytest.fixture
def ims(capsys: pytest.CaptureFixture[str]) -> Ims:
    """Run a command that must succeed; gives the document it answers."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        code = cli.main([*arguments, "--json"])
        said = capsys.readouterr()
        assert code == 0, said.out + said.err
        return json.loads(said.out)

    return run


@pytest.fixture
def new_council(
    live_councils: LiveCouncils, ims: Ims, settings: Settings, tmp_path: Path
) -> Iterator[Council]:
    """A council with nothing in it, made by the command; a worker stands by for its jobs."""
    port = int(live_councils.public_url.rsplit(":", 1)[1])
    settings.IMS_PORT, settings.IMS_FILES_DIR = port, tmp_path / "files"
    host = f"newtown-{secrets.token_hex(3)}.localhost"
    with enter(live_councils.northmoor.council):
        before = fingerprint(live_councils.northmoor.council)
    ims("council", "create", f"Newtown {host[8:14]} Borough Council", "--host", host)
    council = get_council(host)
    try:
        with worker(tmp_path):
            yield council
        assert fingerprint(live_councils.northmoor.council) == before
    finally:
        drop(council)


def host_of(council: Council) -> str:
    return str(council.domains.get().domain)


@contextmanager
def recorded(browser: Browser, name: str) -> Iterator[Page]:
    """A page whose every step is kept beside the pictures."""
    folder = os.environ.get("IMS_SCREENSHOTS", "")
    with page_of(browser) as page:
        if folder:
            page.context.tracing.start(screenshots=True, snapshots=True)
        yield page
        if folder:
            page.context.tracing.stop(path=Path(folder) / f"{name}.zip")


def join(page: Page, keys: Keyboard, link: str, email: str) -> None:
    """Take up the invitation: a password, then a second factor, which every council asks for."""
    page.goto(link)
    screenshot(page, "new-council-01-invitation")
    keys.type("Choose a password", NEW_PASSWORD)
    keys.save()
    keys.type("Email address", email)
    keys.type("Password", NEW_PASSWORD)
    keys.save()
    expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
    screenshot(page, "new-council-02-second-factor")
    keys.follow("Set up an app", role="button")
    keys.reach(page.locator("summary").filter(has_text="I cannot scan it"))
    page.keyboard.press("Enter")
    secret = page.locator("code.ims-secret").inner_text().replace(" ", "")
    keys.type("Code", code_of(secret))
    keys.save()
    keys.follow("I have kept them", role="button")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def step(page: Page, keys: Keyboard, name: str) -> None:
    """From any page to a step of the list on the first page of the settings."""
    keys.follow("Settings", navigation=True)
    keys.follow(name)


def saved(page: Page, keys: Keyboard, name: str, picture: str) -> None:
    """Save from the last field, and read that it is done."""
    screenshot(page, f"new-council-{picture}")
    keys.save()
    expect(page.get_by_role("main")).to_contain_text(f"{name} is added.")


def add_vat_codes(page: Page, keys: Keyboard) -> None:
    step(page, keys, "Add a VAT code")
    for code, name, on, rate in (
        ("ST", "Standard rate", "4 January 2011", "20"),
        ("NB", "Not in business", "1 April 1973", "0"),
    ):
        keys.type("Code", code)
        keys.type("Name", name)
        keys.type("Starts on", on)
        keys.type("Rate", rate)
        saved(page, keys, f"{code} {name}", f"04-vat-{code}")
        if code == "ST":
            keys.follow("All VAT codes")
            keys.follow("Add a VAT code", role="button")


def add_funds(page: Page, keys: Keyboard) -> None:
    step(page, keys, "Add the suspense fund")
    keys.type("Code", "SUSP")
    keys.type("Name", "Suspense")
    keys.type("Ledger code", "Z900-99990")
    keys.choose("VAT code", "NB")
    keys.reach(page.get_by_label("Why are you adding this? (optional)"))
    saved(page, keys, "SUSP Suspense", "05-suspense-fund")
    expect(page.get_by_role("main")).to_contain_text("Kind Suspense")
    step(page, keys, "Add a fund for income")
    keys.type("Code", "TW")
    keys.type("Name", "Trade Waste")
    keys.type("Ledger code", "E400-50030")
    keys.choose("VAT code", "ST")
    keys.type("Pattern (optional)", r"TW\d{5}")
    saved(page, keys, "TW Trade Waste", "06-fund")


def add_methods(page: Page, keys: Keyboard) -> None:
    for name, code, words, account in (
        ("Add a method of payment for the bank", "BACS", "Bank credit", "B100-90040"),
        ("Add a method of payment for journals", "JNL", "Journal", "B100-99990"),
    ):
        step(page, keys, name)
        keys.type("Code", code)
        keys.type("Name", words)
        keys.type("Control account", account)
        saved(page, keys, f"{code} {words}", f"07-method-{code}")


def add_imports(page: Page, keys: Keyboard) -> None:
    step(page, keys, "Add an import profile")
    keys.type("Code", "bank")
    keys.type("Name", "General account")
    keys.choose("Method of payment", "BACS")
    keys.reach(page.get_by_label("Why are you adding this? (optional)"))
    saved(page, keys, "bank General account", "08-profile")
    step(page, keys, "Add an import rule")
    keys.type("Code", "trade-waste")
    keys.type("Name", "Trade waste by account number")
    keys.type("Place", "10")
    keys.choose("Field", "Any text")
    keys.choose("Test", "has an account")
    keys.type("Value", "TW")
    keys.choose("Fund", "TW")
    keys.reach(page.get_by_label("Why are you adding this? (optional)"))
    saved(page, keys, "trade-waste Trade waste by account number", "09-rule")


def add_ledger_format(page: Page, keys: Keyboard) -> None:
    step(page, keys, "Add a ledger format")
    keys.type("Code", "journal")
    keys.type("Name", "Our journal")
    keys.choose_radio("Shipped format it starts from (optional)", "General journal")
    keys.reach(page.get_by_label("Why are you adding this? (optional)"))
    saved(page, keys, "journal Our journal", "10-format")


def take_first_receipt(page: Page, keys: Keyboard, file: Path, *, account: str) -> None:
    """Upload a bank file of two lines, post it, and find one in the ledger, one in suspense."""
    keys.follow("Imports", navigation=True)
    keys.follow("Upload a bank file", role="button")
    keys.choose_file("Bank file", file)
    looked_at(page, "new-council-11-upload")
    keys.follow("Upload and preview", role="button")
    expect(page.get_by_role("button", name="Post 2 lines")).to_be_visible(timeout=WORKED)
    screenshot(page, "new-council-12-preview")
    keys.follow("Post 2 lines", role="button")
    done = page.get_by_role("heading", name="What became of this file")
    expect(done).to_be_visible(timeout=WORKED)
    expect(page.get_by_text("Every line is accounted for, to the penny.")).to_be_visible()
    screenshot(page, "new-council-13-posted")
    keys.follow("Transactions", navigation=True)
    first = page.get_by_role("row").filter(has_text=account)
    expect(first).to_contain_text("£120.50")
    screenshot(page, "new-council-14-transactions")
    keys.follow("Suspense", navigation=True)
    expect(page.get_by_role("row").filter(has_text="NO IDEA")).to_contain_text("£45.00")
    screenshot(page, "new-council-15-suspense")


def lines(account: str) -> list[BankLine]:
    today = clock.today()
    return [
        BankLine(today, 12_050, "J OKAFOR", account, "THANK YOU"),
        BankLine(today, 4_500, "A NIGHTINGALE", "NO IDEA", "FASTER PAYMENT"),
    ]


def test_a_finance_officer_sets_the_council_up_with_a_keyboard(
    new_council: Council, browser: Browser, ims: Ims, tmp_path: Path
) -> None:
    host, email = host_of(new_council), "mair@example.org"
    invited = ims("user", "invite", host, email, "--name", "Mair Pugh", "--role", FINANCE)
    write_lloyds_csv(tmp_path / "first.csv", lines("TW00123"))
    with recorded(browser, "new-council") as page:
        keys = Keyboard(page)
        join(page, keys, invited["link"], email)
        expect(page.get_by_role("main")).to_contain_text("0 of 8 steps are done")
        looked_at(page, "new-council-03-dashboard")
        keys.follow("Imports", navigation=True)
        keys.follow("Upload a bank file", role="button")
        expect(page.get_by_role("main")).to_contain_text("cannot take a bank file yet")
        looked_at(page, "new-council-03-upload-too-early")
        add_vat_codes(page, keys)
        add_funds(page, keys)
        keys.follow("Settings", navigation=True)
        looked_at(page, "new-council-06-half-way")
        add_methods(page, keys)
        add_imports(page, keys)
        keys.follow("Settings", navigation=True)
        expect(page.get_by_role("main")).to_contain_text("Your council can take money now")
        add_ledger_format(page, keys)
        keys.follow("Settings", navigation=True)
        expect(page.get_by_role("heading", name="Set up your council")).to_have_count(0)
        take_first_receipt(page, keys, tmp_path / "first.csv", account="TW00123")
        assert keys.used_pointer() == ""
    the_books_hold(new_council, ims)


def test_one_file_sets_the_council_up(
    new_council: Council, browser: Browser, ims: Ims, tmp_path: Path
) -> None:
    host, email = host_of(new_council), "mair@example.org"
    invited = ims("user", "invite", host, email, "--name", "Mair Pugh", "--role", FINANCE)
    pack = tmp_path / "county.toml"
    pack.write_bytes(starters.load("county"))
    assert ims("config", "apply", host, str(pack))["changes"]
    assert ims("config", "apply", host, str(pack))["changes"] == []
    write_camt053(tmp_path / "first.xml", lines("AC104722"), account="20000055599910")
    with page_of(browser) as page:
        keys = Keyboard(page)
        join(page, keys, invited["link"], email)
        expect(page.get_by_role("heading", name="Set up your council")).to_have_count(0)
        take_first_receipt(page, keys, tmp_path / "first.xml", account="AC104722")
        assert keys.used_pointer() == ""
    the_books_hold(new_council, ims)


def the_books_hold(council: Council, ims: Ims) -> None:
    """Two entries, and every proof of `ims verify` holds."""
    with enter(council):
        assert Entry.objects.count() == 2
    ims("verify", host_of(council))
