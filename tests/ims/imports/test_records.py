"""Import profiles and rules as settings."""

from __future__ import annotations

from typing import Any

import pytest

from ims.funds.fund_records import FUNDS
from ims.imports import selectors as imports
from ims.imports.models import ImportRule
from ims.imports.records import IMPORT_PROFILES, IMPORT_RULES
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.kinds import Kind
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.bank_files import csv_file, read, row
from tests.factories.drafts import AT
from tests.factories.settings import (
    ASKED,
    add,
    audited,
    change,
    refusal,
    refused,
    values_of,
)

RENT = {
    "code": "rent",
    "name": "Rent over ten pounds",
    "order": 5,
    "conditions": [
        {"field": "payer", "operator": "contains", "value": "Housing"},
        {"field": "amount", "operator": "at least", "value": "£10"},
    ],
    "fund": "HR",
    "account_from": "pattern",
}
HOPELESS = (
    "Rule “Rent over ten pounds” can never hold: The pattern “a$b” can never match: “$” means the "
    "end of the text, and something comes after it."
)
NO_PATTERN = (
    "Housing Rent has no pattern to find its rent account by. Give the fund a pattern, or choose "
    "another place for the account."
)
NOT_REACHED = (
    "“All the rest” stands before this rule and takes every line, so this rule would never be "
    "reached. Choose an earlier place."
)
BARE = {"code": "rest", "name": "All the rest", "fund": "SUSP", "account_from": "fixed"}


def condition(field: str, operator: str, value: str) -> dict[str, str]:
    return {"field": field, "operator": operator, "value": value}


# --- profiles -------------------------------------------------------------------------------------
def test_a_profile_is_added_and_used(council: Council, eastshire: Council) -> None:
    add(
        IMPORT_PROFILES,
        code="rents",
        name="Rent account",
        format_code="camt053",
        bank_account="gb29nwbk60161331926819",
        method_code="CARD",
    )
    assert imports.get_profile("rents").bank_account == "GB29NWBK60161331926819"
    assert audited()[:2] == ("settings.add", "rents")
    change(IMPORT_PROFILES, "rents", format_code="", bank_account="")
    assert audited()[4] == {"format_code": "", "bank_account": ""}
    with enter(eastshire):
        assert "rents" not in [each["code"] for each in selectors.export_all(IMPORT_PROFILES)]


@pytest.mark.parametrize(
    ("values", "words", "field"),
    [
        ({"code": "Rents!"}, "Code must be small letters, digits and hyphens only.", "code"),
        ({"format_code": "pdf"}, None, "format_code"),
        (
            {"bank_account": "20-00-00 12345678"},
            "Bank account must be 6 to 34 letters and digits without spaces.",
            "bank_account",
        ),
        ({"method_code": ""}, "Enter method of payment.", "method_code"),
        ({"method_code": "XX"}, None, "method_code"),
        (
            {"method_code": "JRNL"},
            "Journal moves money inside the council. Choose how the money of this file arrives.",
            "method_code",
        ),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    council: Council, values: dict[str, Any], words: str | None, field: str
) -> None:
    given = {"code": "rents", "name": "Rents", "method_code": "BANK", **values}
    said, where, _ = refused(IMPORT_PROFILES, None, **given)
    assert where == field
    assert words is None or said == words


def test_a_profile_that_files_came_with_is_retired_and_keeps_them(council: Council) -> None:
    found = read(csv_file(row()))
    used = selectors.where_used(selectors.get(IMPORT_PROFILES, "bank"))
    assert [(each.text, each.count, each.href) for each in used] == [("imports", 1, "/imports")]
    services.retire(IMPORT_PROFILES, "bank", asked=ASKED)
    found.refresh_from_db()
    assert found.profile.code == "bank"
    assert "bank" not in [each.code for each in imports.list_profiles()]


# --- rules ----------------------------------------------------------------------------------------
def test_a_rule_is_added_and_decides(council: Council, eastshire: Council) -> None:
    add(IMPORT_RULES, **RENT)
    assert values_of(IMPORT_RULES, "rent") == {
        **RENT,
        "conditions": [
            condition("payer", "contains", "Housing"),
            condition("amount", "at least", "10.00"),
        ],
        "account": "",
    }
    first = imports.active_rules()[0]
    assert first.name == "Rent over ten pounds"
    assert first.conditions[1] == ("amount", "at least", "1000")
    assert not change(IMPORT_RULES, "rent", **RENT)
    with enter(eastshire):
        assert not ImportRule.objects.filter(code="rent").exists()


def test_every_rule_of_the_starter_pack_can_be_saved_as_it_is(council: Council) -> None:
    codes = list(ImportRule.objects.values_list("code", flat=True))
    assert "council-tax-by-account-number" in codes
    for code in codes:
        assert not change(IMPORT_RULES, code, **values_of(IMPORT_RULES, code))
        assert change(IMPORT_RULES, code, name=f"{code} again")


def test_places_change_one_after_another_and_ties_go_by_code(council: Council) -> None:
    order = [rule.name for rule in imports.active_rules()]
    change(IMPORT_RULES, "rent-by-account-number", order=10)
    assert [rule.name for rule in imports.active_rules()] == order
    change(IMPORT_RULES, "council-tax-by-account-number", order=20)
    assert [rule.name for rule in imports.active_rules()][:2] == order[1::-1]
    assert audited()[3:] == ({"order": 10}, {"order": 20})


@pytest.mark.parametrize(
    ("conditions", "words", "row"),
    [
        (
            [condition("payer", "matches", "7(")],
            "Rule “Rent over ten pounds”: the pattern “7(” cannot be read: missing ): 7(.",
            1,
        ),
        (
            [condition("direction", "is", "credit"), condition("narrative", "matches", "a$b")],
            HOPELESS,
            2,
        ),
        (
            [condition("direction", "is", "credit"), condition("direction", "is", "debit")],
            "Rule “Rent over ten pounds” can never hold: money cannot be both in and out.",
            2,
        ),
        (
            [condition("payer", "has an account of", "OLD")],
            "Rule “Rent over ten pounds”: fund OLD is not there or has no account pattern.",
            1,
        ),
        (
            [condition("amount", "contains", "5")],
            "Rule “Rent over ten pounds”: “amount contains 500” is not a condition.",
            1,
        ),
        (
            [condition("amount", "is", "ten")],
            "Conditions, row 1: “ten” is not an amount. Write pounds and pence, like 1234.50.",
            1,
        ),
        ([condition("weather", "is", "fine")], None, 1),
        ([condition("payer", "is", "")], "Conditions, row 1: Enter value.", 1),
        ([condition("payer", "contains", "x")] * 21, None, None),
    ],
)
def test_conditions_that_cannot_be_are_refused_at_their_row(
    council: Council, conditions: list[dict[str, str]], words: str | None, row: int | None
) -> None:
    said, field, where = refused(IMPORT_RULES, None, **{**RENT, "conditions": conditions})
    assert (field, where) == ("conditions", row)
    assert words is None or said == words


def test_patterns_that_are_too_large_together_are_refused(council: Council) -> None:
    big = [
        condition("payer", "matches", rf"\pL{{900}}{letter}") for letter in "abcdefghijklmnopqrst"
    ]
    said, field, _ = refused(IMPORT_RULES, None, **{**RENT, "conditions": big})
    assert field == "conditions"
    assert said.startswith("The patterns of all rules together are too large")


@pytest.mark.parametrize(
    ("values", "words", "field"),
    [
        ({"fund": "XX"}, "There is no fund “XX”. Add it first, or choose another.", "fund"),
        (
            {"account": "60000000001"},
            "An account is only for a rule that says the account itself. Leave it empty.",
            "account",
        ),
        (
            {"account_from": "fixed"},
            "Enter the rent account of Housing Rent that the money goes to.",
            "account",
        ),
        (
            {"account_from": "fixed", "account": "77"},
            "“77” does not look like the rent account of Housing Rent.",
            "account",
        ),
        ({"account_from": "thin air"}, None, "account_from"),
        ({"order": 0}, "Place must be from 1 to 1,000,000.", "order"),
        ({"name": "Council Tax named"}, "Another rule has this name. Choose another.", "name"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(
    council: Council, values: dict[str, Any], words: str | None, field: str
) -> None:
    said, where, _ = refused(IMPORT_RULES, None, **{**RENT, **values})
    assert where == field
    assert words is None or said == words
    assert not ImportRule.objects.filter(code="rent").exists()


def test_a_rule_may_name_a_retired_fund_whose_money_then_waits(council: Council) -> None:
    add(IMPORT_RULES, **{**RENT, "fund": "OLD", "account_from": "reference"})
    used = selectors.where_used(selectors.get(FUNDS, "OLD"))
    assert [(each.text, each.count, each.blocks) for each in used] == [
        ("import rules in use", 1, False)
    ]


def test_a_fund_without_a_pattern_finds_no_account(council: Council) -> None:
    change(FUNDS, "HR", account_pattern="")
    said, field, _ = refused(IMPORT_RULES, None, **RENT)
    assert (said, field) == (
        NO_PATTERN,
        "account_from",
    )
    add(IMPORT_RULES, **{**RENT, "account_from": "reference"})


def test_a_rule_that_takes_every_line_comes_last(council: Council) -> None:
    said, field, _ = refused(IMPORT_RULES, None, **BARE, order=15)
    assert field == "conditions"
    assert said == (
        "A rule without conditions takes every line, so “Rent by account number” after it would "
        "never be reached. Add a condition, or a place after all other rules."
    )
    add(IMPORT_RULES, **BARE, order=1_000)
    said, field, _ = refused(IMPORT_RULES, None, **{**RENT, "order": 1_001})
    assert (said, field) == (
        NOT_REACHED,
        "order",
    )
    services.retire(IMPORT_RULES, "rest", asked=ASKED)
    add(IMPORT_RULES, **{**RENT, "order": 1_001})
    words, _ = refusal(lambda: services.restore(IMPORT_RULES, "rest", asked=ASKED))
    assert words.startswith("A rule without conditions takes every line")


def test_a_retired_rule_decides_nothing(council: Council) -> None:
    services.retire(IMPORT_RULES, "trade-waste-by-reference", asked=ASKED)
    assert "Trade waste by reference" not in [rule.name for rule in imports.active_rules()]
    assert len(imports.rules_by_id()) == 4


@pytest.mark.parametrize("kind", [IMPORT_PROFILES, IMPORT_RULES])
def test_only_people_who_may_configure_do(council: Council, kind: Kind) -> None:
    poster = Asked(Actor("Priya", permissions=frozenset({"imports.post", "settings.view"})), AT)
    words, _ = refusal(lambda: services.save(kind, None, {}, asked=poster))
    assert words == "You need the permission “Change import profiles and rules” to do this."
