"""Money settings, VAT codes with dated rates, offices, cost centres and fund groups."""

from __future__ import annotations

from datetime import date

import pytest

from ims.funds.fund_records import FUND_GROUPS, FUNDS
from ims.funds.models import FundGroup, VatCode, VatRate
from ims.funds.records import COST_CENTRES, MONEY, OFFICES, VAT_CODES
from ims.funds.selectors import book
from ims.funds.vat import Rounding
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.kinds import Kind
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, line, posted
from tests.factories.settings import ASKED, add, asks, audited, change, refusal, refused, values_of

RATES = [
    {"starts_on": "2008-12-01", "rate": 1500},
    {"starts_on": "2010-01-01", "rate": 1750},
    {"starts_on": "2011-01-04", "rate": 2000},
]
OVERLAP = (
    "Rates 2 and 4 both start on 1 January 2010, so two rates would hold on the same day. "
    "Give each its own day; a rate ends when the next starts."
)
POSTED = (
    "The ledger holds lines posted at 20% from 4 January 2011. Those days cannot change to "
    "17.5%. Start a new rate on a later day, and put wrong lines right by reversing them."
)


def test_how_half_a_penny_is_rounded(council: Council) -> None:
    assert change(MONEY, "settings", vat_rounding="half_even")
    assert book().rounding is Rounding.HALF_EVEN
    assert audited() == (
        *("settings.change", "settings", "Budget for next year"),
        *({"vat_rounding": "half_up"}, {"vat_rounding": "half_even"}),
    )
    words, field, _ = refused(MONEY, "settings", vat_rounding="down")
    assert (words, field) == ("“down” is not one of: half_up, half_even.", "vat_rounding")
    assert values_of(MONEY, "settings") == {"vat_rounding": "half_even"}


def test_a_vat_code_with_its_rates_is_added_and_changed(
    council: Council, eastshire: Council
) -> None:
    rates = [{"starts_on": "2026-04-01", "rate": 500}, {"starts_on": "2024-04-01", "rate": 1250}]
    assert add(VAT_CODES, code="r", name="Reduced", rates=rates) == "R"
    assert values_of(VAT_CODES, "R")["rates"] == rates[::-1]
    assert book().vat.basis_points("R", date(2026, 3, 31)) == 1250
    assert change(VAT_CODES, "R", rates=[{"starts_on": "2024-04-01", "rate": 500}])
    assert book().vat.basis_points("R", date(2026, 3, 31)) == 500
    act, key, _, before, after = audited()
    assert (act, key, before["rates"]) == ("settings.change", "R", rates[::-1])
    assert after == {"rates": [{"starts_on": "2024-04-01", "rate": 500}]}
    assert not change(VAT_CODES, "R", name="Reduced")
    with enter(eastshire):
        assert not VatCode.objects.filter(code="R").exists()


def test_two_rates_on_one_day_are_refused(council: Council) -> None:
    twice = [*RATES, {"starts_on": "2010-01-01", "rate": 500}]
    assert refused(VAT_CODES, "S", rates=twice) == (
        OVERLAP,
        "rates",
        4,
    )


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ([], "Rates may have 1 to 50 rows. There are 0."),
        (
            [{"starts_on": "1/4/2026", "rate": 0}],
            "Rates, row 1: “1/4/2026” is not a date. Write year, month and day, like 2026-04-01.",
        ),
        (
            [{"starts_on": "2026-04-01", "rate": 10_001}],
            "Rates, row 1: Rate must be from 0% to 100%.",
        ),
        (
            [{"starts_on": "2026-04-01", "rate": 20.0}],
            "Rates, row 1: Rate must be a whole number.",
        ),
        ([{"starts_on": "2026-04-01"}], "Rates, row 1: Enter rate."),
    ],
)
def test_rates_that_are_none_are_refused(
    council: Council, rates: list[dict[str, object]], words: str
) -> None:
    assert refused(VAT_CODES, "S", rates=rates)[:2] == (words, "rates")


def test_a_rate_that_posted_lines_stand_on_does_not_change(council: Council) -> None:
    posted(line(12_000, fund="TW", account="TW00001", on=date(2026, 11, 19)))
    changed = [*RATES[:2], {"starts_on": "2011-01-04", "rate": 1750}]
    assert refused(VAT_CODES, "S", rates=changed) == (
        POSTED,
        "rates",
        3,
    )
    backdated = [*RATES, {"starts_on": "2026-11-01", "rate": 0}]
    words, _, row = refused(VAT_CODES, "S", rates=backdated)
    assert words.startswith("The ledger holds lines posted at 20% from 1 November 2026. ")
    assert row == 4
    emptied, _, row = refused(VAT_CODES, "S", rates=[{"starts_on": "2026-12-01", "rate": 0}])
    assert "4 January 2011 to 1 December 2026. Those days cannot change to no rate." in emptied
    assert row is None
    assert VatRate.objects.filter(vat_code__code="S").count() == 3


def test_rates_of_days_that_nothing_was_posted_on_may_change(council: Council) -> None:
    posted(line(12_000, fund="TW", account="TW00001", on=date(2026, 11, 19)))
    past = [{"starts_on": "2009-01-01", "rate": 1400}, *RATES[1:]]
    assert change(VAT_CODES, "S", rates=[*past, {"starts_on": "2026-11-20", "rate": 1000}])
    assert book().vat.basis_points("S", date(2026, 11, 20)) == 1000
    assert change(VAT_CODES, "O", rates=[{"starts_on": "1990-04-01", "rate": 500}])


def test_a_vat_code_that_a_fund_has_is_not_retired(council: Council) -> None:
    words, facts = refusal(lambda: services.retire(VAT_CODES, "S", asked=ASKED))
    assert words == (
        "S Standard rated cannot be retired: it has 1 funds in use. Deal with them first."
    )
    assert facts["uses"] == "1 funds in use"
    change(FUNDS, "TW", vat_code="O")
    assert services.retire(VAT_CODES, "S", asked=ASKED).changed
    words, field, _ = refused(FUNDS, "CT", vat_code="S")
    assert (words, field) == (
        "The VAT code S is retired. Choose another, or restore it first.",
        "vat_code",
    )


def test_the_list_of_vat_codes_costs_the_same_however_many_there_are(council: Council) -> None:
    def listed() -> list[int]:
        found = [selectors.record_of(VAT_CODES, each) for each in selectors.find(VAT_CODES)]
        return [len(each.values["rates"]) for each in found]

    assert asks(listed) == 2
    for number in range(5):
        add(VAT_CODES, code=f"X{number}", name="More", rates=RATES)
    assert asks(listed) == 2
    assert listed() == [1, 3, 3, 3, 3, 3, 3]


def test_offices_and_cost_centres(council: Council, eastshire: Council) -> None:
    assert add(OFFICES, code="cs", name="Customer Services") == "CS"
    assert audited()[:2] == ("settings.add", "CS")
    assert audited()[4] == {"code": "CS", "name": "Customer Services"}
    assert add(COST_CENTRES, code="10-4000.A_1", name="Revenues")
    assert refused(OFFICES, None, code="TOOLONG", name="x")[:2] == (
        "Code has 7 characters. It may have 4.",
        "code",
    )
    assert refused(OFFICES, None, code="C/S", name="x")[0] == (
        "Code must be capital letters and digits only."
    )
    assert refused(OFFICES, None, code="cs", name="Again")[0] == (
        "There is already an office CS, in use."
    )
    assert refused(COST_CENTRES, None, code="a b", name="x")[1] == "code"
    change(FUNDS, "CT", cost_centre="10-4000.A_1")
    words, _ = refusal(lambda: services.retire(COST_CENTRES, "10-4000.A_1", asked=ASKED))
    assert words.startswith("10-4000.A_1 Revenues cannot be retired: it has 1 funds in use.")
    assert services.retire(OFFICES, "CS", asked=ASKED).changed
    assert audited()[3:] == ({"is_active": True}, {"is_active": False})
    with enter(eastshire):
        assert selectors.export_all(OFFICES) == selectors.export_all(COST_CENTRES) == []


def test_a_fund_group_holds_funds_and_keeps_none_of_them(council: Council) -> None:
    add(FUND_GROUPS, code="REV", name="Revenues", funds=["HR", "CT"])
    group = FundGroup.objects.get(code="REV")
    assert sorted(group.funds.values_list("code", flat=True)) == ["CT", "HR"]
    change(FUND_GROUPS, "REV", funds=["CT"])
    assert audited()[3:] == ({"funds": ["CT", "HR"]}, {"funds": ["CT"]})
    assert refused(FUND_GROUPS, "REV", funds=["XX"])[:2] == (
        "There is no fund “XX”. Add it first, or choose another.",
        "funds",
    )
    assert services.retire(FUNDS, "CT", asked=ASKED).changed
    assert values_of(FUND_GROUPS, "REV")["funds"] == ["CT"]


@pytest.mark.parametrize("kind", [MONEY, VAT_CODES, COST_CENTRES, OFFICES, FUND_GROUPS, FUNDS])
def test_only_people_who_may_configure_do(council: Council, kind: Kind) -> None:
    looker = Asked(Actor("Priya", permissions=frozenset({"settings.view"})), AT)
    words, _ = refusal(lambda: services.save(kind, None, {}, asked=looker))
    assert words == (
        "You need the permission “Change funds, VAT, methods of payment and offices” to do this."
    )
