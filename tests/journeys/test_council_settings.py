"""A council sets up its payment provider, its look, its words and a banner in a browser."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from ims.council.models import Banner
from ims.payments.providers.registry import PROVIDERS
from ims_kernel.identity.services import create_user
from ims_tenants.current import enter
from tests.factories.far_service import FarService, far_service
from tests.ims.council.pictures_of_a_test import png, svg
from tests.ims.payments.accounts import PAY_KEY, STRIPE_KEY
from tests.journeys.browser import looked_at
from tests.journeys.conftest import PASSWORD, LiveCouncils, PageOf

pytestmark = pytest.mark.journey


@pytest.fixture
def far() -> Iterator[FarService]:
    """Stands in for every provider."""
    with far_service() as made:
        addresses = {each.kind: made.url for each in PROVIDERS}
        with override_settings(IMS_PROVIDER_ADDRESSES=addresses):
            yield made


@pytest.fixture
def grace(live_councils: LiveCouncils) -> str:
    """The address of a second person at Northmoor."""
    email = f"grace-{secrets.token_hex(3)}@example.org"
    with enter(live_councils.northmoor.council):
        create_user(email=email, name="Grace Okafor", password=PASSWORD, roles=["Everything"])
    return email


def press(page: Page, name: str) -> None:
    reason = page.locator("#id_change-reason")
    if reason.count():
        reason.fill("As agreed with the bank")
    button = page.get_by_role("main").get_by_role("button", name=name, exact=True).last
    button.click(timeout=8_000)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_provider_account_is_added_approved_and_checked(
    live_councils: LiveCouncils, visit: PageOf, far: FarService, grace: str, *, scripts: bool
) -> None:
    code = f"WEB{int(scripts)}"
    url = live_councils.northmoor.url
    with visit(url, scripts=scripts) as page:
        page.goto("/settings/payment-accounts/add")
        if scripts:
            looked_at(page, "payment-account-add")
        page.get_by_label("Code", exact=True).fill(code)
        page.get_by_label("Name", exact=True).fill("Web payments")
        page.get_by_label("GOV.UK Pay", exact=True).check()
        page.get_by_label("Test: no real money").check()
        page.get_by_label("GOV.UK Pay: API key").fill(STRIPE_KEY)
        press(page, "Send for approval")
        expect(page.get_by_role("alert")).to_contain_text("looks like a Stripe test secret key")
        assert STRIPE_KEY not in page.content()
        if scripts:
            looked_at(page, "payment-account-wrong-key")
        page.get_by_label("GOV.UK Pay: API key").fill(PAY_KEY)
        press(page, "Send for approval")
        expect(page.get_by_role("main")).to_contain_text("approve")
        assert PAY_KEY not in page.content()
    with visit(url, scripts=scripts, email=grace) as page:
        page.goto("/settings/changes")
        page.get_by_role("main").get_by_role("link", name=code).first.click()
        if scripts:
            looked_at(page, "payment-account-approve")
        assert PAY_KEY not in page.content()
        press(page, "Approve and make the change")
        page.goto(f"/settings/payment-accounts/{code}")
        page.get_by_role("link", name="Check connection").click()
        expect(page.get_by_role("main")).to_contain_text("Not checked")
        if scripts:
            looked_at(page, "payment-account-not-checked")
        press(page, "Check connection")
        expect(page.get_by_role("main")).to_contain_text("GOV.UK Pay accepts the test API key")
        if scripts:
            looked_at(page, "payment-account-works")
        far.status = 401
        press(page, "Check connection")
        expect(page.get_by_role("main")).to_contain_text("Does not work")
        if scripts:
            looked_at(page, "payment-account-does-not-work")
        assert PAY_KEY not in page.content()


def test_the_look_is_on_the_next_page(
    live_councils: LiveCouncils, visit: PageOf, tmp_path: Path
) -> None:
    hostile, logo = tmp_path / "hostile.svg", tmp_path / "logo.png"
    hostile.write_bytes(svg("<script>alert(1)</script>"))
    logo.write_bytes(png(240, 60, colour="#00625a"))
    with visit(live_councils.eastshire.url) as page:
        page.goto("/settings/council")
        looked_at(page, "council-settings")
        page.get_by_role("main").get_by_role("button", name="Change").click()
        looked_at(page, "council-edit")
        page.get_by_label("Name on pages").fill("Eastshire")
        page.get_by_label("Colour").fill("#ffdd00")
        press(page, "Save")
        expect(page.get_by_role("alert")).to_contain_text("too pale")
        page.get_by_label("Colour").fill("#6b1f5f")
        page.get_by_label("Logo", exact=False).first.set_input_files(hostile)
        press(page, "Save")
        expect(page.get_by_role("alert")).to_contain_text("holds <script>")
        looked_at(page, "council-edit-error")
        page.get_by_label("Name on pages").fill("Eastshire")
        page.get_by_label("Colour").fill("#6b1f5f")
        page.get_by_label("Logo", exact=False).first.set_input_files(logo)
        press(page, "Save")
        expect(page.locator("header img")).to_have_js_property("complete", value=True)
        assert page.locator("header img").evaluate("image => image.naturalWidth") > 0
        expect(page.locator("header")).to_contain_text("Eastshire")
        looked_at(page, "council-with-logo")


def test_words_are_previewed(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings/wording")
        looked_at(page, "wording-list")
        page.get_by_role("main").get_by_role("link", name="receipt").first.click()
        page.get_by_role("link", name="Preview").click()
        expect(page.get_by_role("article")).to_contain_text("£123.45")
        looked_at(page, "wording-preview")


def test_banners_of_each_severity(live_councils: LiveCouncils, visit: PageOf) -> None:
    with enter(live_councils.northmoor.council):
        for severity in ("information", "warning", "urgent"):
            Banner.objects.create(
                code=severity.upper(), severity=severity, places=["staff"],
                words="The bank’s file is late today. Post yesterday’s first, and leave the "
                "suspense list until after noon.",
            )  # fmt: skip
    try:
        with visit(live_councils.northmoor.url) as page:
            page.goto("/suspense")
            expect(page.get_by_role("region", name="Messages")).to_contain_text("Urgent:")
            looked_at(page, "banners")
    finally:
        with enter(live_councils.northmoor.council):
            Banner.objects.all().delete()
