"""A council compares its settings with a file, and brings them over from training, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from ims.funds.models import CostCentre, MethodOfPayment, Office
from ims_kernel import clock
from ims_tenants import pairing
from ims_tenants.current import enter, public
from ims_tenants.models import Council, Domain
from tests.councils import OPERATOR, make_council
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

FILE = """schema = 1

[[vat-codes]]
code = "TEST"
name = "Standard rate"

[[vat-codes.rates]]
starts_on = "2011-01-04"
rate = 2000

[[vat-codes.rates]]
starts_on = "2030-01-04"
rate = 2250

[[cost-centres]]
code = "{code}"
name = "Parks and open spaces"

[[methods]]
code = "CARD"
name = "{name}"
purpose = "card"
control_code = "9100"

[[payment-accounts]]
code = "{code}"
name = "Web payments"
provider = "simulator"
mode = "test"
"""


@pytest.fixture
def training(live_councils: LiveCouncils) -> Iterator[Council]:
    """Northmoor's training council, dropped after the test."""
    live = live_councils.northmoor.council
    made = make_council("Northmoor Training", "training.localhost", "district")
    pairing.pair(made, live, actor=OPERATOR, at=clock.now())
    with enter(made):
        CostCentre.objects.create(code="T100", name="Tried in training")
        Office.objects.create(code="TRY", name="The office that was tried")
        MethodOfPayment.objects.filter(code="CASH").update(name="Cash at the desk")
    try:
        yield made
    finally:
        with public(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {made.schema_name} CASCADE")
            Domain.objects.filter(tenant=made).delete()
            Council.objects.filter(pk=made.pk).delete()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_compared_and_applied(
    live_councils: LiveCouncils, visit: PageOf, tmp_path: Path, *, scripts: bool
) -> None:
    code = f"FILE{int(scripts)}"
    good, bad = tmp_path / "northmoor-april.toml", tmp_path / "wrong.toml"
    text = FILE.format(code=code, name=f"Debit card {code}").replace("TEST", f"T{int(scripts)}")
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace('"card"', '"gold"'), encoding="utf-8")
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/settings")
        page.get_by_role("link", name="Settings as a file").click()
        if scripts:
            looked_at(page, "settings-file")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the settings").click()
        assert download.value.suggested_filename.startswith("northmoor-live-district-council-")
        page.get_by_label("Configuration file").set_input_files(bad)
        press(page, "Compare")
        expect(page.get_by_role("alert")).to_contain_text("methods 1, purpose: “gold” is not one")
        if scripts:
            looked_at(page, "settings-file-refused")
        page.get_by_label("Configuration file").set_input_files(good)
        press(page, "Compare")
        expect(page.get_by_role("main")).to_contain_text("Nothing has changed yet")
        expect(page.get_by_role("main")).to_contain_text("1 for a second person to approve")
        if scripts:
            looked_at(page, "settings-file-compared")
        press(page, "Apply these changes")
        expect(page.get_by_role("alert")).to_contain_text("Enter why you are making")
        if scripts:
            looked_at(page, "settings-file-no-reason")
        page.get_by_label("Why are you making these changes?").fill("Agreed for April")
        press(page, "Apply these changes")
        expect(page.get_by_role("main")).to_contain_text("1 change waits for a second person")
        page.goto("/settings/file")
        page.get_by_label("Configuration file").set_input_files(good)
        press(page, "Compare")
        expect(page.get_by_role("main")).to_contain_text("waiting for a second person already")
        if scripts:
            looked_at(page, "settings-file-nothing-left")
    with enter(live_councils.northmoor.council):
        assert CostCentre.objects.get(code=code).name == "Parks and open spaces"
    with enter(live_councils.eastshire.council):
        assert not CostCentre.objects.filter(code=code).exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_settings_are_promoted_from_training(
    live_councils: LiveCouncils, visit: PageOf, training: Council, *, scripts: bool
) -> None:
    with enter(training):
        CostCentre.objects.create(code=f"T{int(scripts)}", name="Tried in training")
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/settings/file")
        page.get_by_role("link", name="Bring over settings that were tried there").click()
        if scripts:
            looked_at(page, "settings-promote")
        press(page, "Compare with training")
        expect(page.get_by_role("main")).to_contain_text("What training would change")
        if scripts:
            looked_at(page, "settings-promote-compared")
        page.get_by_label("Why are you making these changes?").fill("Tried on Tuesday")
        press(page, "Apply these changes")
        expect(page.get_by_role("main")).to_contain_text(re.compile("settings? changed"))
    with visit(live_councils.eastshire.url, scripts=scripts) as page:
        page.goto("/settings/promote")
        expect(page.get_by_role("main")).to_contain_text("Your council has no training council")
        if scripts:
            looked_at(page, "settings-promote-none")
