"""Trying references out in a browser: one, then a list, and its results as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ims.accounts.models import CheckDigit, ReferenceRule
from ims.funds.models import Fund
from ims_tenants.current import enter
from tests.journeys.browser import looked_at
from tests.journeys.conftest import LiveCouncils, PageOf

pytestmark = pytest.mark.journey

PASTED = "Reference\nBJ12345673\nBJ12345674\nBJ1234563A\nBK1234567\nBJ76543214\n"


@pytest.fixture
def parking(live_councils: LiveCouncils) -> Iterator[None]:
    """A fund of parking fines with its rule, for one test."""
    with enter(live_councils.northmoor.council):
        digit = CheckDigit.objects.create(
            code="P11", name="Parking", method="weighted", modulus=11,
            weights=[9, 8, 7, 6, 5, 4, 3, 2, 1, 0], source_substitution="05",
            result_substitutions="10:A",
        )  # fmt: skip
        rule = ReferenceRule.objects.create(
            code="PCN", name="Parking fines", min_length=10, max_length=10, mask="BJ#######@",
            check_digit=digit, example_reference="BJ12345673",
        )  # fmt: skip
        fund = Fund.objects.get(code="CT")
        fund.pk, fund.code, fund.name = None, "PK", "Parking Fines"
        fund.account_pattern, fund.reference_rule_code = "", "PCN"
        fund.account_label = "Notice number"
        fund.save()
    yield
    with enter(live_councils.northmoor.council):
        fund.delete()
        rule.delete()
        digit.delete()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reference_and_then_a_list_are_tried(
    live_councils: LiveCouncils, visit: PageOf, parking: None, tmp_path: Path, *, scripts: bool
) -> None:
    with visit(live_councils.northmoor.url, scripts=scripts) as page:
        page.goto("/accounts/test-references")
        if scripts:
            looked_at(page, "reference-check")
        page.get_by_role("button", name="Test this reference").click()
        expect(page.get_by_role("alert")).to_contain_text("Select a fund or a reference rule")
        if scripts:
            looked_at(page, "reference-check-errors")
        page.get_by_label("Fund or reference rule").select_option("fund:PK")
        page.get_by_label("Reference", exact=True).fill("bj 1234 5674")
        page.get_by_role("button", name="Test this reference").click()
        expect(page.get_by_role("main")).to_contain_text("does not go with the others")
        if scripts:
            looked_at(page, "reference-check-fails")
        page.get_by_label("Reference", exact=True).fill("bj 1234 5673")
        page.get_by_text("Channel, amount and method").click()
        page.get_by_label("Amount (optional)").fill("12.50")
        page.get_by_role("button", name="Test this reference").click()
        expect(page.get_by_role("main")).to_contain_text("Parking Fines takes this reference")
        if scripts:
            looked_at(page, "reference-check-passes")
        page.get_by_role("link", name="Test a list of references").click()
        if scripts:
            looked_at(page, "reference-list")
        page.get_by_label("Fund or reference rule").select_option("rule:PCN")
        page.get_by_label("Paste references").fill(PASTED)
        page.get_by_role("button", name="Test these references").click()
        expect(page.get_by_role("main")).to_contain_text("Check digit: 1")
        if scripts:
            looked_at(page, "reference-list-tested")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download as CSV").click()
        waiting.value.save_as(tmp_path / "tested.csv")
        text = (tmp_path / "tested.csv").read_text(encoding="utf-8-sig")
        assert [line.split(",")[3] for line in text.splitlines()[1:]] == [
            "Passes", "Fails", "Passes", "Fails", "Passes",
        ]  # fmt: skip
