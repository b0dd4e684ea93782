"""Funds as settings: everything is kept, what cannot be is refused, what is used stays."""

from __future__ import annotations

from typing import Any

import pytest

from ims.funds.choices import AccountRule, OverPay, every_channel
from ims.funds.fund_records import FUNDS
from ims.funds.models import Fund
from ims.funds.selectors import book
from ims.imports.models import ImportFile
from ims.imports.posting import post_file
from ims.imports.services import request_post
from ims.receipts.services import take
from ims.suspense.selectors import find_by_entry, open_items
from ims.suspense.services import Target, allocate
from ims_kernel.records import selectors, services
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.bank_files import csv_file, read, row
from tests.factories.drafts import AT, TESTER, line, posted, receipt
from tests.factories.settings import ASKED, add, asks, audited, change, refusal, refused, values_of

NEW = {
    "code": "ph",
    "name": "Pest Control",
    "display_name": "Pests",
    "ledger_code": "60-4640-0100",
    "owner_service": "Environmental Health",
    "vat_code": "S",
    "vat_override": True,
    "channels": ["counter", "online"],
    "min_pence": 500,
    "max_pence": 50_000,
    "account_rule": "exists",
    "account_label": "Job number",
    "account_hint": "It is on your letter.",
    "account_pattern": r"PST\d{5}",
    "over_pay": "refuse",
    "credit_notes_allowed": True,
    "payer_message": "Thank you.\nWe come within a week.",
}


def test_a_fund_with_all_its_settings_is_added(council: Council, eastshire: Council) -> None:
    assert add(FUNDS, **NEW) == "PH"
    facts = book().fund("PH")
    assert (facts.public_name, facts.vat_code, facts.vat_override) == ("Pests", "S", True)
    assert (facts.min_pence, facts.max_pence) == (500, 50_000)
    assert facts.channels == {"online", "counter"}
    assert (facts.account_rule, facts.over_pay) == (AccountRule.EXISTS, OverPay.REFUSE)
    assert (facts.account_hint, facts.credit_notes_allowed) == ("It is on your letter.", True)
    assert (facts.payer_message, facts.reference_rule_code) == (NEW["payer_message"], "")
    act, key, reason, before, after = audited()
    assert (act, key, reason, before) == ("settings.add", "PH", "Budget for next year", {})
    assert after == {
        **NEW,
        "code": "PH",
        "purpose": "income",
        "channels": ["online", "counter"],
        "cost_centre": "",
        "reference_rule_code": "",
    }
    with enter(eastshire):
        assert "PH" not in book().funds


def test_a_fund_needs_little(council: Council) -> None:
    add(FUNDS, code="X", name="Extra", ledger_code="1", vat_code="O")
    facts = book().fund("X")
    assert (facts.public_name, facts.channels) == ("Extra", frozenset(every_channel()))
    assert (facts.account_rule, facts.over_pay) == (AccountRule.FORM, OverPay.ALLOW)
    assert facts.accepts("anything")
    assert not change(FUNDS, "X", **values_of(FUNDS, "X"))


def test_a_change_says_what_was_and_what_is(council: Council) -> None:
    change(FUNDS, "CT", max_pence=100_000, channels=[])
    assert audited()[3:] == (
        {"max_pence": None, "channels": every_channel()},
        {"max_pence": 100_000, "channels": []},
    )
    assert book().fund("CT").channels == frozenset()


@pytest.mark.parametrize(
    ("values", "words", "field"),
    [
        ({"code": "TOOLNG"}, "Code has 6 characters. It may have 5.", "code"),
        ({"code": "A-B"}, "Code must be capital letters and digits only.", "code"),
        ({"name": ""}, "Enter name.", "name"),
        ({"name": "x" * 51}, "Name has 51 characters. It may have 50.", "name"),
        ({"ledger_code": " "}, "Enter ledger code.", "ledger_code"),
        ({"vat_code": ""}, "Enter VAT code.", "vat_code"),
        (
            {"vat_code": "Q"},
            "There is no VAT code “Q”. Add it first, or choose another.",
            "vat_code",
        ),
        (
            {"min_pence": -1},
            "Smallest amount must be from £0.00 to £9,999,999,999.99.",
            "min_pence",
        ),
        ({"max_pence": 10.5}, "Largest amount must be a whole number.", "max_pence"),
        (
            {"min_pence": 501, "max_pence": 500},
            "The largest amount, £5.00, is below the smallest, £5.01.",
            "max_pence",
        ),
        (
            {"channels": ["pigeon"]},
            "“pigeon” is not one of: online, phone, counter, post, bank, api.",
            "channels",
        ),
        ({"over_pay": "maybe"}, "“maybe” is not one of: allow, warn, refuse.", "over_pay"),
        ({"account_rule": "luck"}, "“luck” is not one of: none, form, exists.", "account_rule"),
        (
            {"purpose": "suspense"},
            "SUSP Suspense is the suspense fund, and there can be one only. Choose income.",
            "purpose",
        ),
        (
            {"display_name": "a\u202eb"},
            "Name for payers holds characters that cannot be seen. Type it again.",
            "display_name",
        ),
        ({"colour": "red"}, None, "colour"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    council: Council, values: dict[str, Any], words: str | None, field: str
) -> None:
    said, where, _ = refused(FUNDS, None, **{**NEW, **values})
    assert where == field
    assert words is None or said == words
    assert not Fund.objects.filter(name="Pest Control").exists()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"77(\d", "The pattern “77(\\d” cannot be read: missing ): 77(\\d."),
        (r"\d*", "The pattern “\\d*” also matches nothing at all."),
        (
            r"77[^\s\S]",
            "The pattern “77[^\\s\\S]” can never match: it has a set without any character.",
        ),
        (
            r"\d{7}^",
            "Leave “^” out of the pattern “\\d{7}^”: the whole reference is always compared.",
        ),
        (r"(?=7)\d+", "The pattern “(?=7)\\d+” cannot be read: invalid perl operator: (?=."),
        ("7" * 201, "Pattern has 201 characters. It may have 200."),
    ],
)
def test_a_pattern_that_cannot_match_is_refused(council: Council, pattern: str, words: str) -> None:
    said, field, _ = refused(FUNDS, "CT", account_pattern=pattern)
    assert (said, field) == (words, "account_pattern")


def test_a_hostile_pattern_is_kept_because_it_is_harmless(council: Council) -> None:
    change(FUNDS, "CT", account_pattern=r"(a+)+\d")
    assert not book().fund("CT").accepts("a" * 100_000)


def test_code_and_kind_never_change(council: Council) -> None:
    assert refused(FUNDS, "CT", code="CX")[0] == (
        "Code cannot be changed once it is set. It stays CT."
    )
    assert refused(FUNDS, "SUSP", purpose="income")[0] == (
        "Kind cannot be changed once it is set. It stays Suspense."
    )


def test_without_a_check_any_reference_is_taken(council: Council) -> None:
    change(FUNDS, "CT", account_rule="none")
    take(receipt(account="WHATEVER"), actor=TESTER, at=AT)
    assert not open_items().exists()
    change(FUNDS, "CT", account_rule="form")
    take(receipt(account="WHATEVER"), actor=TESTER, at=AT)
    assert open_items().count() == 1


def test_the_suspense_fund_stays_and_says_what_waits_in_it(council: Council) -> None:
    take(receipt(account="UNKNOWN"), actor=TESTER, at=AT)
    words, facts = refusal(lambda: services.retire(FUNDS, "SUSP", asked=ASKED))
    assert words == (
        "SUSP Suspense cannot be retired: it has 1 job as the suspense fund and 1 open suspense "
        "items. Deal with them first."
    )
    assert facts["uses"] == "1 job as the suspense fund and 1 open suspense items"
    assert Fund.objects.get(code="SUSP").is_active


def _posted(*rows: str) -> ImportFile:
    found = read(csv_file(*rows))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    return post_file(found.pk, clock=lambda: AT)


def test_a_fund_is_not_retired_while_suspense_that_came_for_it_is_open(council: Council) -> None:
    # A rule says Council Tax, but the line has no account; the other has no rule at all.
    _posted(row("25.00", "NONE", "COUNCIL TAX"), row("5.00", "NOBODY", "KNOWS"))
    assert open_items().count() == 2
    words, _ = refusal(lambda: services.retire(FUNDS, "CT", asked=ASKED))
    assert words == (
        "CT Council Tax cannot be retired: it has 1 open suspense items that came for it. Deal "
        "with them first."
    )
    assert services.retire(FUNDS, "HR", asked=ASKED).changed
    (item,) = open_items().filter(amount_pence=2_500)
    allocate(item.pk, [Target("CT", "770000001", 2_500)], actor=TESTER, at=AT)
    assert services.retire(FUNDS, "CT", asked=ASKED).changed
    assert audited() == (
        *("settings.retire", "CT", "Budget for next year"),
        *({"is_active": True}, {"is_active": False}),
    )


def test_money_for_a_retired_fund_still_waits_in_suspense(council: Council) -> None:
    services.retire(FUNDS, "CT", asked=ASKED)
    entry = take(receipt(), actor=TESTER, at=AT)
    item = find_by_entry(entry)
    assert item is not None
    assert item.reason_code == "fund_closed"
    services.restore(FUNDS, "CT", asked=ASKED)
    assert book().fund("CT").is_active


def test_where_a_fund_is_used(council: Council) -> None:
    posted(line(1_000))
    used = selectors.where_used(selectors.get(FUNDS, "CT"))
    assert {each.text: (each.count, each.blocks) for each in used} == {
        "import rules in use": (2, False),
        "ledger lines (no more than 10,000 are counted)": (1, False),
    }


def test_the_book_costs_four_queries_however_many_funds_there_are(council: Council) -> None:
    for number in range(5):
        add(FUNDS, **{**NEW, "code": f"N{number}"})
    assert asks(book) == 4
    found: list[str] = []

    def listing() -> None:
        found.extend(selectors.record_of(FUNDS, each).key for each in selectors.find(FUNDS))

    assert asks(listing) == 1
    assert len(found) == 9
