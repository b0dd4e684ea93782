"""The pages of every kind of setting the product has, in a browser at both widths."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ims_kernel.records import selectors
from ims_kernel.records.kinds import Kind, all_kinds
from ims_tenants.current import enter
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey


def pages_of(kind: Kind) -> list[tuple[str, str]]:
    """(name, address) of the pages of a kind in the council at hand."""
    if kind.single:
        return [("record", f"/settings/{kind.slug}"), ("form", f"/settings/{kind.slug}/add")]
    pages = [("list", f"/settings/{kind.slug}"), ("form", f"/settings/{kind.slug}/add")]
    found = selectors.find(kind, state=selectors.ALL).first()
    if found:
        pages += [("record", reverse("setting", args=(kind.slug, getattr(found, kind.key))))]
    return pages


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_every_page_of_a_kind_looks_right(
    live_councils: LiveCouncils, visit: PageOf, kind: Kind
) -> None:
    with enter(live_councils.northmoor.council):
        pages = pages_of(kind)
    with visit(live_councils.northmoor.url) as page:
        for name, path in pages:
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            looked_at(page, f"kind-{kind.slug}-{name}")


def test_the_first_page_holds_all_of_them(live_councils: LiveCouncils, visit: PageOf) -> None:
    with visit(live_councils.northmoor.url) as page:
        page.goto("/settings")
        expect(page.get_by_role("link", name="Funds", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Roles", exact=True)).to_be_visible()
        looked_at(page, "settings-all")
