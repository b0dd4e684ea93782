"""The building blocks in a real browser: accessible, no wider than the screen, scripts or not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import (
    NARROW,
    WIDE,
    assert_fits,
    assert_no_axe_violations,
    launched,
    page_of,
    screenshot,
)
from tests.journeys.server import served

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture
def site(gallery_pages: None) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("gallery", "/"),
        ("gallery-errors", "/?errors=1"),
        ("gallery-messages", "/?flash=1"),
        ("error-404", "/nowhere/"),
        ("error-500", "/broken/"),
        ("error-403", "/not-allowed/"),
    ],
)
def test_pages_are_accessible_at_every_width(
    browser: Browser, site: str, name: str, address: str, width: int
) -> None:
    with page_of(browser, width=width, base_url=site) as page:
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda line: problems.append(line.text) if "Content Security" in line.text else None,
        )
        page.goto(address)
        screenshot(page, name, width)
        assert_no_axe_violations(page)
        assert_fits(page)
        assert problems == []


def test_the_menu_works_with_scripts_and_shows_all_without(browser: Browser, site: str) -> None:
    with page_of(browser, width=NARROW, base_url=site) as page:
        page.goto("/")
        link = page.get_by_role("link", name="Exports")
        assert not link.is_visible()
        page.get_by_role("button", name="Menu").click()
        assert link.is_visible()
    with page_of(browser, width=NARROW, scripts=False, base_url=site) as page:
        page.goto("/")
        assert page.get_by_role("link", name="Exports").is_visible()


def test_the_first_tab_skips_to_the_content(browser: Browser, site: str) -> None:
    with page_of(browser, base_url=site) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/#main-content", timeout=5_000)


def test_errors_take_the_focus_so_that_they_are_heard(browser: Browser, site: str) -> None:
    with page_of(browser, base_url=site) as page:
        page.goto("/?errors=1")
        summary = page.locator(".govuk-error-summary")
        summary.wait_for()
        page.wait_for_function("document.activeElement.matches('.govuk-error-summary')")
        page.get_by_role("link", name="Enter name of the payer").click()
        assert page.evaluate("document.activeElement.id") == "id_payer"


def test_a_wide_table_scrolls_by_keyboard_inside_the_page(browser: Browser, site: str) -> None:
    with page_of(browser, width=NARROW, base_url=site) as page:
        page.goto("/")
        region = page.get_by_role("region", name="Receipts")
        region.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("e => e.scrollLeft > 0", arg=region.element_handle())
