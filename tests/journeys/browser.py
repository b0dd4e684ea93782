"""A real browser for the tests: Debian's Chromium, axe-core from the pinned front-end packages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from ims_config.assets import MODULES, is_current

AXE = MODULES / "axe-core" / "axe.min.js"
# WCAG 2.2 level AA and everything it includes.
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW = 1280, 375
_LOOKS = 3
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Where Chromium is on this machine, or None."""
    named = os.environ.get("IMS_CHROMIUM", "")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, or the test is skipped with the reason.

    Use it in a session fixture: `with launched() as browser: yield browser`. Playwright's loop
    runs in this thread, so Django must be told that its ORM is not being called from async code:
    set DJANGO_ALLOW_ASYNC_UNSAFE=true in the fixture when the test itself reads the database.
    """
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium).")
    if not is_current() or not AXE.is_file():
        pytest.skip("The page assets are not built: run `python -m ims_config.assets`.")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        except Error as error:
            pytest.skip(f"Chromium did not start: {error.message.splitlines()[0]}")
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_of(
    browser: Browser, *, width: int = WIDE, scripts: bool = True, base_url: str = ""
) -> Iterator[Page]:
    """A page of its own session. `scripts=False` is a person without JavaScript.

    The security policy of the page holds, except for axe: it is put in past the policy.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        base_url=base_url or None,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def axe_violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds against WCAG 2.2 AA on the page as it is now."""
    # evaluate() runs past the page's own policy, which refuses an added <script>.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    answer = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG_TAGS
    )
    violations: list[dict[str, Any]] = answer["violations"]
    return violations


def assert_no_axe_violations(page: Page) -> None:
    """Fails with the rule, the words and the element of each violation."""
    found = [
        f"{violation['id']}: {violation['help']}\n"
        f"    {node['html'][:200]}\n    {node['failureSummary']}"
        for violation in axe_violations(page)
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)


def settled(page: Page) -> None:
    """Waits until the page the last press led to has come: a page on its way has no element yet."""
    page.wait_for_load_state("load")


def assert_fits(page: Page) -> None:
    """The page itself never scrolls sideways (WCAG 1.4.10): a wide table scrolls inside it."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window, f"{page.url} is {wide} px wide in a window of {window} px."


def screenshot(page: Page, name: str, width: int = WIDE) -> Path | None:
    """A picture of the whole page at a width, in $IMS_SCREENSHOTS; none when that is not set."""
    folder = os.environ.get("IMS_SCREENSHOTS", "")
    if not folder:
        return None
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    target = Path(folder) / f"{name}-{width}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)
    if before is not None:
        page.set_viewport_size(before)
    return target


def looked_at(page: Page, name: str) -> None:
    """The page as it is, at both widths: accessible, no wider than the window, photographed.

    A page that shows progress replaces itself while it is looked at. Then it is looked at again; a
    fault found in a page is an AssertionError and is never tried twice.
    """
    for attempt in range(_LOOKS):
        try:
            _look(page, name)
        except Error:
            if attempt == _LOOKS - 1:
                raise
        else:
            return


def _look(page: Page, name: str) -> None:
    for width in (WIDE, NARROW):
        settled(page)
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_no_axe_violations(page)
        screenshot(page, name, width)
    page.set_viewport_size({"width": WIDE, "height": 900})
