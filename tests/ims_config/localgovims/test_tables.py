"""What becomes of each table, and what the report says of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from ims_config.localgovims.converting import Converted
from tests.ims_config.localgovims.dumps import SAMPLE, by_code, changed, converted, copy_of, left


@pytest.fixture(scope="module")
def found() -> Converted:
    return converted()


def test_vat_codes_have_one_rate_from_the_day_given(found: Converted) -> None:
    codes = by_code(found, "vat-codes")
    assert codes["S"]["rates"] == [{"starts_on": "2011-01-04", "rate": 2000}]
    assert codes["S"]["name"] == "20% VAT"
    assert codes["R"]["rates"][0]["rate"] == 500
    assert codes["X"]["rates"][0]["rate"] == 0
    assert "is_active" not in codes["X"]
    assert "no rate" in changed(found, "Vat", "X")
    assert "in use again" in changed(found, "Vat", "X")


def test_funds_with_their_metadata(found: Converted) -> None:
    funds = by_code(found, "funds")
    council_tax = funds["CT"]
    assert council_tax["ledger_code"] == "CT-1000-2000"
    assert council_tax["max_pence"] == 500_000
    assert council_tax["account_hint"] == "It is at the top of your bill"
    assert "channels" not in council_tax  # open everywhere, as a new fund is
    assert "online" not in funds["FP"]["channels"]
    assert funds["PF"]["credit_notes_allowed"] is True
    assert (funds["SU"]["purpose"], funds["SU"]["vat_code"]) == ("suspense", "Z")
    assert (funds["S2"]["purpose"], funds["S2"]["is_active"]) == ("income", False)
    assert funds["HR"]["account_rule"] == "exists"
    assert funds["GI"]["account_rule"] == "none"
    assert "max_pence" not in funds["FP"]
    assert "It has no limit now" in changed(found, "Fund", "FP")
    assert "form of a reference is NOT checked" in changed(found, "Fund", "BR")
    without = changed(found, "Fund", "")
    assert "no ledger code, and their own code stands in for one: PF, FP, HR" in without
    assert "CT is there already" in left(found, "Fund", "CT")
    assert found.report.carried["Fund"] == {*funds}


def test_flags_that_are_not_true_are_told(found: Converted) -> None:
    assert "IsABasketFund is “1”" in changed(found, "FundMetadata", "PF")
    assert "taken for no, because" in changed(found, "FundMetadata", "HR")
    assert "online" not in by_code(found, "funds")["HR"]["channels"]
    assert "is there twice" in left(found, "FundMetadata", "CT")
    assert "key 999 is not a key" in left(found, "FundMetadata", "CT")
    assert "has 2 values" in left(found, "FundMetadata", "ExportToLedger")


def test_methods_with_typed_purposes(found: Converted) -> None:
    methods = by_code(found, "methods")
    assert (methods["01"]["purpose"], methods["01"]["uses"]) == ("cash", ["ereturn_cash"])
    assert "needs a method of the kind Card" in left(found, "Mop", "01")
    card = methods["10"]
    assert (card["fees"], card["fees_fund"], card["fees_account"]) == ("central", "GI", "FEE-1")
    assert (card["min_pence"], card["max_pence"]) == (100, 500_000)
    assert (card["colour"], card["is_refundable"]) == ("#1d4f91", True)
    assert "max_pence" not in methods["02"]
    assert "blocked every payment" in changed(found, "Mop", "02")
    assert "colour" not in methods["11"]
    assert "too pale" in left(found, "Mop", "11")
    assert "It has none now" in left(found, "Mop", "11")
    assert methods["30"]["purpose"] == "direct_debit"
    assert methods["50"]["is_reversal"] is True
    assert not {"min_pence", "max_pence"} & set(methods["40"])


def test_several_journal_methods_become_one(found: Converted) -> None:
    methods = by_code(found, "methods")
    journals = [code for code, each in methods.items() if each["purpose"] == "journal"]
    assert journals == ["20"]
    assert methods["20"]["uses"] == ["journal_debit", "journal_credit", "transfer_out"]
    assert "20 has its jobs too" in left(found, "Mop", "22")


def test_the_one_journal_method_is_in_use_when_any_was(tmp_path: Path) -> None:
    rows = (SAMPLE / "Mop.csv").read_text(encoding="utf-8")
    off = rows.replace("20,Journal,99999.00,0.00,0", "20,Journal,99999.00,0.00,1")
    assert off != rows
    method = by_code(converted(copy_of(tmp_path, Mop=off)), "methods")["20"]
    assert "is_active" not in method


def test_groups_and_offices(found: Converted) -> None:
    groups = by_code(found, "fund-groups")
    assert groups["REVENUES"]["funds"] == ["CT", "HR"]
    assert groups["PARKINGENF"]["funds"] == ["PF"]
    assert "NO is not in the file" in left(found, "FundGroup", "Parking & enforcement team")
    assert set(by_code(found, "offices")) == {"CH", "SO"}
    assert "capital letters and digits" in left(found, "Office", "S!")


def test_reference_rules_keep_what_they_meant(found: Converted) -> None:
    rules, digits = by_code(found, "reference-rules"), by_code(found, "check-digits")
    assert rules["PARKING-FINES"]["mask"] == "BJ#######@"
    assert rules["PARKING-FINES"]["check_digit"] == "PARKING-FINES"
    assert digits["PARKING-FINES"]["result_substitutions"] == "10:A"
    assert "source_substitution" not in digits["DYNIX-LIBRARY"]
    assert digits["DYNIX-LIBRARY"]["method"] == "luhn_variant"
    assert rules["ANYWHERE"]["pattern"] == r"\d{4}"
    assert (rules["ANYWHERE"]["max_length"], rules["ANYWHERE"]["strip_spaces"]) == (40, False)
    assert "pattern" not in rules["LICENCE"]
    assert "(?=L)" in changed(found, "AccountReferenceValidator", "Licence")
    assert "check digit is left out" in changed(found, "AccountReferenceValidator", "Prefix sum")
    assert "longest length" in left(found, "AccountReferenceValidator", "Impossible")
    assert "could not be carried" in left(found, "AccountReferenceValidator", "No such digit")
    assert "Weight 2" in left(found, "CheckDigitConfiguration", "Negative weights")


def test_messages_stop_as_they_did_and_banners_are_current(found: Converted) -> None:
    messages = by_code(found, "account-messages")
    assert messages["MSG-1"]["severity"] == "stop"
    assert messages["MSG-1"]["external_code"] == "COURT"
    assert "channels" not in messages["MSG-1"]
    assert "external_code" not in messages["MSG-2"]
    assert "another message of fund HR" in left(found, "FundMessage", "2")
    assert "S2 is disabled" in left(found, "FundMessage", "3")
    (banner,) = found.tables["banners"]
    assert (banner["severity"], banner["ends_on"]) == ("urgent", "2099-12-31")
    assert "ended on 2020-01-02" in left(found, "SystemMessage", "1")


def test_import_rules_keep_the_old_outcome(found: Converted) -> None:
    rules = by_code(found, "import-rules")
    ordered = sorted(rules.values(), key=lambda rule: rule["order"])
    assert [rule["name"] for rule in ordered] == [
        "Rents by text", "Rents by text (2)", "Rents by text (3)", "Old rule", "Only the bank",
        "Everything else",
    ]  # fmt: skip
    of_amount = [
        {"field": "direction", "operator": "is", "value": "credit"},
        {"field": "amount", "operator": "is", "value": "25.00"},
    ]
    for rule, word in zip(ordered[:2], ("RENT", "TENANCY"), strict=True):
        first = {"field": "narrative", "operator": "contains", "value": word}
        assert rule["conditions"] == [first, *of_amount]
    assert (ordered[0]["fund"], ordered[0]["account_from"]) == ("HR", "reference")
    assert (ordered[-1]["fund"], ordered[-1]["account"]) == ("SU", "UNKNOWN")
    assert "text" in left(found, "ImportProcessingRule", "Two ways")
    assert "has no FundCode to ask for" in left(found, "ImportProcessingRule", "Two ways")
    assert "never ran" in left(found, "ImportProcessingRule", "Linked to nothing")
    assert "sets no fund" in left(found, "ImportProcessingRule", "Narrative only")
    assert "there is no such test" in left(found, "ImportProcessingRule", "Large amounts")


def test_what_is_never_carried_is_said(found: Converted) -> None:
    said = " ".join(found.report.never)
    assert "People, roles, templates, credentials" in said
    assert "User: people are invited by name" in said
    assert any("CouncilExtra.csv" in each for each in found.report.files)
    assert not {note.table for note in found.report.left} & {"User"}
