"""Second factors in a browser: an app, recovery codes, passkeys, and what a person sees of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from ims_kernel import clock
from ims_kernel.identity.selectors import find_user
from ims_kernel.identity.services import create_user
from ims_kernel.signin import factors
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter
from tests.ims_kernel.signin.people import code_of
from tests.ims_kernel.signin.providers import running_provider
from tests.journeys.browser import assert_no_axe_violations, looked_at
from tests.journeys.conftest import PASSWORD, LiveCouncil, LiveCouncils, PageOf, sign_in

pytestmark = pytest.mark.journey


@pytest.fixture
def strict(live_councils: LiveCouncils) -> Iterator[LiveCouncil]:
    """Northmoor, asking everybody for a second factor as long as the test lasts."""
    place = live_councils.northmoor
    with enter(place.council):
        SignInSettings.objects.update(second_factor="required")
    yield place
    with enter(place.council):
        SignInSettings.objects.update(second_factor="optional")


def somebody(place: LiveCouncil, email: str) -> str:
    with enter(place.council):
        create_user(email=email, name="Sian Newby", password=PASSWORD, roles=["Reader"])
    return email


def secret_on(page: Page) -> str:
    page.get_by_text("I cannot scan it").click()
    return page.locator("code.ims-secret").inner_text().replace(" ", "")


@contextmanager
def device(page: Page) -> Iterator[None]:
    """A device of the person's with a fingerprint reader, as Chromium plays one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    yield
    session.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]}
    )


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_setting_up_an_app_the_first_time(
    strict: LiveCouncil, visit: PageOf, scripts: bool
) -> None:
    email = somebody(strict, f"app-{scripts}@example.org".lower())
    with visit(strict.url, email="", scripts=scripts) as page:
        page.goto("/transactions?fund=CT")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Sign in")
        page.goto("/transactions?fund=CT")
        expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
        if scripts:
            looked_at(page, "set-up")
        page.get_by_role("button", name="Set up an app").click()
        expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
        secret = secret_on(page)
        if scripts:
            looked_at(page, "set-up-app")
        page.get_by_label("Code", exact=True).fill("1")
        press(page, "Continue")
        expect(page.get_by_role("alert")).to_contain_text("This code is not right")
        assert secret_on(page) == secret
        page.get_by_label("Code", exact=True).fill(code_of(secret, steps=-1))
        page.get_by_label("Code", exact=True).press("Enter")
        expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
        codes = page.locator(".ims-codes code").all_inner_texts()
        assert len(set(codes)) == 10
        if scripts:
            looked_at(page, "recovery-codes")
        page.get_by_role("button", name="I have kept them").click()
        assert page.url.endswith("/transactions?fund=CT")
        press(page, "Sign out")
        _sign_in_with_code(page, email, code_of(secret), look=scripts)
        press(page, "Sign out")
        _sign_in_with_code(page, email, codes[0], look=False)


def _sign_in_with_code(page: Page, email: str, code: str, *, look: bool) -> None:
    sign_in(page, email)
    expect(page.get_by_role("heading", name="Show that it is you")).to_be_visible()
    if look:
        looked_at(page, "code")
        press(page, "Continue")
        expect(page.get_by_role("alert")).to_contain_text("Enter the code")
        assert_no_axe_violations(page)
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_label("Code", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_passkey_is_added_and_then_signs_in_by_itself(
    strict: LiveCouncil, live_councils: LiveCouncils, visit: PageOf
) -> None:
    email = somebody(strict, "passkey@example.org")
    with visit(strict.url, email="") as page, device(page):
        sign_in(page, email)
        page.goto("/security/passkey")
        expect(page.get_by_role("button", name="Make the passkey")).to_be_visible()
        looked_at(page, "add-passkey")
        press(page, "Make the passkey")
        expect(page.get_by_role("alert").first).to_contain_text("Enter a name")
        page.get_by_label("Name of the passkey").fill("Office laptop")
        press(page, "Make the passkey")
        expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
        page.get_by_role("button", name="I have kept them").click()
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        page.goto("/security")
        expect(page.get_by_role("rowheader", name="Passkey “Office laptop”")).to_be_visible()
        looked_at(page, "security")
        press(page, "Sign out")
        # After the password it is the second factor.
        sign_in(page, email)
        looked_at(page, "code-or-passkey")
        press(page, "Use my passkey")
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        press(page, "Sign out")
        # By itself it is both.
        page.get_by_role("link", name="Sign in with a passkey").click()
        looked_at(page, "sign-in-passkey")
        press(page, "Use my passkey")
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        # It is a passkey of this council: the neighbour's site finds none on the device.
        page.goto(f"{live_councils.eastshire.url}/sign-in/passkey")
        page.get_by_role("button", name="Use my passkey").click()
        expect(page.get_by_text("No passkey was given")).to_be_visible(timeout=70_000)


def test_without_scripts_passkeys_say_so(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url, email="", scripts=False) as page:
        page.goto("/sign-in/passkey")
        expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
        expect(page.get_by_role("button", name="Use my passkey")).to_have_count(0)
        page.get_by_role("link", name="Sign in another way").click()
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_seeing_and_ending_ones_sessions(live_councils: LiveCouncils, visit: PageOf) -> None:
    email = somebody(live_councils.northmoor, "sessions@example.org")
    url = live_councils.northmoor.url
    with visit(url, email=email) as here, visit(url, email=email) as there:
        here.goto("/security")
        expect(here.get_by_role("row", name=re.compile("Chrome"))).to_have_count(2)
        expect(here.get_by_text("This one")).to_have_count(1)
        looked_at(here, "security-none")
        press(here, "Sign out everywhere else")
        expect(here.get_by_role("row", name=re.compile("Chrome"))).to_have_count(1)
        there.goto("/transactions")
        expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_choosing_passwords(live_councils: LiveCouncils, visit: PageOf) -> None:
    email = somebody(live_councils.northmoor, "passwords@example.org")
    with visit(live_councils.northmoor.url, email=email) as page:
        page.goto("/security/password")
        looked_at(page, "change-password")
        page.get_by_label("Present password", exact=True).fill(PASSWORD)
        page.get_by_label("New password", exact=True).fill("password1234")
        press(page, "Change the password")
        expect(page.get_by_role("alert")).to_contain_text("attackers try first")
        looked_at(page, "change-password-errors")
        page.get_by_label("Present password", exact=True).fill(PASSWORD)
        page.get_by_label("New password", exact=True).fill("violet tractor monday")
        press(page, "Change the password")
        expect(page.get_by_text("Your password was changed")).to_be_visible()
        press(page, "Sign out")
        page.get_by_role("link", name="I have forgotten my password").click()
        looked_at(page, "forgot")
        page.get_by_label("Email address").fill(email)
        press(page, "Send the link")
        expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
        looked_at(page, "link-sent")
        page.goto("/sign-in/new-password?link=1.x")
        looked_at(page, "link-refused")


# --- single sign-on, and the pages that are reached from others -----------------------------------
def test_single_sign_on_in_a_browser(live_councils: LiveCouncils, visit: PageOf) -> None:
    place = live_councils.northmoor
    email = somebody(place, "sso@example.org")
    with running_provider() as provider:
        provider.knows("sian", email=email, email_verified=True)
        with enter(place.council):
            row = SignInSettings.objects.get()
            row.provider_is_on, row.provider_name = True, "Northmoor account"
            row.issuer, row.client_id, row.client_secret = provider.issuer, "ims", "hush"
            row.save()
        try:
            with visit(place.url, email="") as page:
                page.goto("/transactions?fund=CT")
                looked_at(page, "sign-in-single")
                page.get_by_role("button", name="Sign in with Northmoor account").click()
                page.wait_for_url(f"{provider.issuer}/**")
                page.locator("input[name=sub]").fill("sian")
                page.get_by_role("button", name=re.compile("Authorize|Sign in|Login")).first.click()
                page.wait_for_url(f"{place.url}/**")
                assert page.url.endswith("/transactions?fund=CT")
                page.goto("/sign-in?problem=person")
            with visit(place.url) as page:
                page.goto("/settings/sign-in/check")
                press(page, "Check the connection")
                expect(page.get_by_text("answers and says who it is")).to_be_visible()
                looked_at(page, "check-provider")
        finally:
            with enter(place.council):
                SignInSettings.objects.update(provider_is_on=False)


def test_removing_a_factor_and_making_new_codes(live_councils: LiveCouncils, visit: PageOf) -> None:
    email = somebody(live_councils.northmoor, "remove@example.org")
    with visit(live_councils.northmoor.url, email=email) as page:
        page.goto("/security/app")
        secret = secret_on(page)
        page.get_by_label("Code", exact=True).fill(code_of(secret))
        press(page, "Continue")
        page.get_by_role("button", name="I have kept them").click()
        page.get_by_role("link", name="Make new recovery codes").click()
        looked_at(page, "make-codes")
        press(page, "Make new codes")
        expect(page.locator(".ims-codes code")).to_have_count(10)
        page.goto("/security/confirm?next=/security")
        looked_at(page, "confirm")
        press(page, "Continue")
        expect(page.get_by_role("alert")).to_contain_text("Enter your code")
        page.goto("/security")
        page.get_by_role("link", name="Remove Authenticator app").click()
        looked_at(page, "remove")
        press(page, "Remove")
        expect(page.get_by_text("You have none.")).to_be_visible()


def test_a_manager_resets_somebodys_factor(live_councils: LiveCouncils, visit: PageOf) -> None:
    place = live_councils.northmoor
    email = somebody(place, "lost@example.org")
    with enter(place.council):
        user = find_user(email)
        assert user is not None
        secret = factors.new_secret()
        factors.set_up_app(user, secret=secret, code=code_of(secret), at=clock.now())
    with visit(place.url) as page:
        page.goto(f"/settings/people/{user.pk}")
        page.get_by_role("link", name="Reset their second factor").click()
        looked_at(page, "reset-factor")
        press(page, "Reset it")
        expect(page.get_by_role("alert")).to_contain_text("Enter why")
        page.get_by_label("Why?").fill("Lost phone")
        press(page, "Reset it")
        expect(page.get_by_text("is reset")).to_be_visible()
