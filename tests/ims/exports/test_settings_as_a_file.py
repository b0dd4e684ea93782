"""The money side as a file: nothing is lost, and nothing differs afterwards."""

from __future__ import annotations

import pytest

from ims.exports.models import ExportLayout
from ims.exports.records import KINDS as EXPORTS
from ims.funds import models as funds
from ims.funds.fund_records import FUND_GROUPS, FUNDS
from ims.funds.method_records import METHODS
from ims.funds.records import COST_CENTRES, OFFICES
from ims.funds.records import KINDS as MONEY
from ims.imports.models import ImportProfile, ImportRule
from ims.imports.records import IMPORT_RULES
from ims.imports.records import KINDS as IMPORTS
from ims_kernel.configuration import applying, writing
from ims_kernel.configuration.document import read
from ims_kernel.records import kinds, selectors, services
from ims_tenants.models import Council
from tests.factories.settings import ASKED, add, change

OURS = (*MONEY, *IMPORTS, *EXPORTS)
# Those that others refer to last.
TABLES = (
    *(ImportRule, ImportProfile, ExportLayout, funds.FundGroup, funds.MethodOfPayment, funds.Fund),
    *(funds.VatRate, funds.VatCode, funds.CostCentre, funds.Office, funds.MoneySettings),
)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other apps' settings have tests of their own."""
    monkeypatch.setattr(kinds, "_kinds", {})
    for kind in OURS:
        kinds.register(kind)


def test_a_council_is_made_again_from_its_own_file(council: Council) -> None:
    add(OFFICES, code="CS", name="Customer Services")
    add(COST_CENTRES, code="10-4000", name="Revenues")
    change(FUNDS, "CT", cost_centre="10-4000", channels=["online"], max_pence=5_000)
    add(FUND_GROUPS, code="REV", name="Revenues", funds=["CT", "HR"])
    change(METHODS, "CARD", uses=["card_online"])
    change(METHODS, "CARD", fees="central", fees_fund="TW", fees_account="TW1")
    rent = {"field": "amount", "operator": "at least", "value": "10"}
    change(IMPORT_RULES, "rent-by-account-number", conditions=[rent])
    services.retire(FUNDS, "HR", asked=ASKED)  # a rule and a group still name it
    before = {kind.slug: selectors.export_all(kind) for kind in OURS}
    file = writing.write("Northmoor District Council").encode()
    again = applying.apply(read(file), applying.by_the_service(ASKED))
    assert again.changes == []
    for table in TABLES:
        table.objects.all().delete()
    applying.apply(read(file), applying.by_the_service(ASKED))
    assert {kind.slug: selectors.export_all(kind) for kind in OURS} == before
