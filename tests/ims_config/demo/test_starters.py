"""The starter packs: usable as they stand, and different from each other."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from ims.exports.layout_reading import shipped_definitions
from ims.funds.account_references import compile_pattern
from ims.funds.vat import DatedRate, VatTable
from ims.imports.formats.registry import FORMATS
from ims.imports.rules import AccountFrom, Action, Condition, Rule, compile_rules, in_words
from ims_config import starters
from ims_config.demo.councils import DemoCouncil, accounts_of
from ims_config.demo.eastshire import EASTSHIRE
from ims_config.demo.northmoor import NORTHMOOR

PACKS = ["county", "district", "unitary"]
EVERY = pytest.mark.parametrize("name", PACKS)


def pack_of(name: str) -> dict[str, Any]:
    return tomllib.loads(starters.load(name).decode())


def test_what_is_shipped() -> None:
    assert starters.names() == PACKS


def test_an_unknown_pack_is_refused_by_name() -> None:
    with pytest.raises(starters.StarterNotFound, match="There are: county, district, unitary"):
        starters.load("../demo/parish")


@EVERY
def test_funds_and_methods_are_complete(name: str) -> None:
    pack = pack_of(name)
    funds, methods = pack["funds"], pack["methods"]
    assert 12 <= len(funds) <= 20
    assert [fund.get("purpose") for fund in funds].count("suspense") == 1
    assert {method["purpose"] for method in methods} == {
        "card", "cash", "cheque", "bank", "direct_debit", "collected", "journal",
    }  # fmt: skip
    codes = [fund["code"] for fund in funds]
    ledger_codes = [fund["ledger_code"] for fund in funds]
    assert len(set(codes)) == len(codes)
    assert len(set(ledger_codes)) == len(ledger_codes)
    # Either layout can write them.
    assert max(map(len, ledger_codes)) <= 24
    assert {fund["vat_code"] for fund in funds} <= {code["code"] for code in pack["vat-codes"]}
    for fund in funds:
        compile_pattern(fund.get("account_pattern", ""))


@EVERY
def test_the_standard_rate_of_vat_on_the_days_it_changed(name: str) -> None:
    code, *_ = pack_of(name)["vat-codes"]
    dated = [
        DatedRate(date.fromisoformat(rate["starts_on"]), rate["rate"]) for rate in code["rates"]
    ]
    table = VatTable({"standard": dated})
    for on, expected in (
        (date(2008, 11, 30), 1750),
        (date(2008, 12, 1), 1500),
        (date(2009, 12, 31), 1500),
        (date(2010, 1, 1), 1750),
        (date(2011, 1, 3), 1750),
        (date(2011, 1, 4), 2000),
    ):
        assert table.basis_points("standard", on) == expected


@EVERY
def test_rules_can_be_compiled_and_read(name: str) -> None:
    pack = pack_of(name)
    funds = {fund["code"] for fund in pack["funds"]}
    rules = []
    for number, row in enumerate(pack["import-rules"]):
        action = Action(row["fund"], AccountFrom(row["account_from"]))
        conditions = tuple(Condition(**each) for each in row["conditions"])
        rules.append(Rule(number, row["name"], conditions, action))
        assert action.fund_code in funds
        assert in_words(conditions) != "always"
    assert len(rules) >= 15
    assert len({rule.name for rule in rules}) == len(rules)
    compile_rules(
        rules, {f["code"]: f["account_pattern"] for f in pack["funds"] if "account_pattern" in f}
    )


@EVERY
def test_profiles_and_layouts_are_ones_we_have(name: str) -> None:
    pack = pack_of(name)
    formats = {each.code for each in FORMATS}
    assert {profile["format_code"] for profile in pack["import-profiles"]} <= formats
    shipped = {definition["code"] for definition in shipped_definitions()}
    assert {each["shipped_code"] for each in pack["ledger-formats"]} <= shipped


def test_the_packs_differ_in_everything_a_council_chooses() -> None:
    one, other = pack_of("district"), pack_of("unitary")
    assert one["money"] != other["money"]
    assert one["ledger-formats"] != other["ledger-formats"]
    assert one["import-profiles"] != other["import-profiles"]
    for table in ("vat-codes", "methods", "funds"):
        codes = [{row["code"] for row in pack[table]} for pack in (one, other)]
        assert not codes[0] & codes[1], table


@pytest.mark.parametrize("council", [NORTHMOOR, EASTSHIRE], ids=lambda c: c.short_name)
def test_every_demo_account_has_the_form_its_fund_asks_for(council: DemoCouncil) -> None:
    pack = pack_of(council.starter)
    patterns = {f["code"]: compile_pattern(f.get("account_pattern", "")) for f in pack["funds"]}
    assert {m["purpose"]: m["code"] for m in pack["methods"] if m["purpose"] != "journal"} == dict(
        council.methods
    )
    assert [profile["code"] for profile in pack["import-profiles"]] == [council.profile]
    assert [each["code"] for each in pack["ledger-formats"]] == [council.layout]
    for fund, accounts in accounts_of(council).items():
        assert len({account.reference for account in accounts}) == len(accounts)
        assert all(patterns[fund].accepts(account.reference) for account in accounts), fund
        assert all(account.usual_pence > 0 for account in accounts)
