"""The file made of a dump is applied to an empty council, and applying it again changes nothing."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from ims.accounts.errors import ReferenceRuleNotFound
from ims.accounts.reference import check_form, compile_rule
from ims.accounts.reference_book import check_reference, get_rule, rule_config
from ims.funds.models import Fund, MethodOfPayment, VatCode
from ims.imports.models import ImportRule
from ims_config import cli
from ims_kernel import clock
from ims_kernel.configuration import applying, writing
from ims_kernel.configuration.document import read
from ims_kernel.identity.permissions import system
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from ims_tenants.services import NewCouncil, create_council
from tests.ims_config.localgovims.dumps import SAMPLE, converted


@pytest.fixture
def empty(northmoor: Council) -> Council:
    """A council that begins with nothing, beside the two there are."""
    del northmoor
    new = NewCouncil("Westmere Borough Council", "westmere.example")
    return create_council(new, actor=system("Operator"), at=clock.now())


def apply(text: str) -> applying.Outcome:
    asked = applying.by_the_service(Asked(system("Operator"), clock.now(), reason="Moving"))
    return applying.apply(read(text.encode()), asked)


def test_the_file_is_applied_once_and_to_one_council(empty: Council, eastshire: Council) -> None:
    found = converted()
    jsonschema.validate(tomllib.loads(found.text), writing.json_schema())
    with enter(eastshire):
        others = writing.write("")
    with enter(empty):
        first = apply(found.text)
        assert len(first.changes) == sum(len(records) for records in found.tables.values())
        again = apply(found.text)
        assert (again.changes, again.unchanged) == ([], len(first.changes))
        assert Fund.objects.get(purpose="suspense").code == "SU"
        assert MethodOfPayment.objects.filter(code="10", fees_fund__code="GI").exists()
        assert VatCode.objects.get(code="S").rates.get().basis_points == 2000
        assert set(ImportRule.objects.filter(is_active=False).values_list("name", flat=True)) == {
            "Old rule", "Only the bank",
        }  # fmt: skip
    with enter(eastshire):
        assert writing.write("") == others


@pytest.mark.parametrize(
    ("fund", "reference", "is_right"),
    [
        ("PF", "BJ12345673", True),
        ("PF", "BJ1234563A", True),
        ("PF", "BJ76543214", True),
        ("PF", "bj0000001 8", True),
        ("PF", "BJ12345674", False),
        ("CT", "500123458", True),
        ("CT", "123456780", True),
        ("CT", "800000019", True),
        ("CT", "500123459", False),
        ("FP", "FP1234567A", True),
        ("FP", "FP12345670", False),
        ("LB", "21800000123453", True),
        ("LB", "12345678901237", True),
        ("LB", "55555555555553", True),
        ("LB", "55555555555554", False),
    ],
)
def test_references_issued_by_the_old_system_pass(
    empty: Council, eastshire: Council, fund: str, reference: str, is_right: bool
) -> None:
    with enter(empty):
        apply(converted().text)
        assert check_reference(fund, reference, channel="counter").ok is is_right
    with enter(eastshire):
        assert not Fund.objects.filter(code=fund, reference_rule_code="PARKING-FINES").exists()


@pytest.mark.parametrize(
    ("rule", "reference", "is_right"),
    [
        ("HOUSING-RENTS", "12345678902", True),
        ("HOUSING-RENTS", "12345678903", False),
        ("VECTOR-ONE", "AB1234562", True),
        ("VECTOR-ONE", "AB1234566", False),
    ],
)
def test_rules_of_funds_with_an_account_list_are_carried_whole(
    empty: Council, eastshire: Council, rule: str, reference: str, is_right: bool
) -> None:
    with enter(empty):
        apply(converted().text)
        assert check_form(compile_rule(rule_config(get_rule(rule))), reference).ok is is_right
    with enter(eastshire), pytest.raises(ReferenceRuleNotFound):
        get_rule(rule)


def test_the_command_writes_the_file_and_the_report(
    empty: Council, eastshire: Council, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, report = tmp_path / "council.toml", tmp_path / "report.md"
    asked = ["config", "import-localgovims", str(SAMPLE), str(file), "--report", str(report)]
    assert cli.main([*asked, "--vat-from", "2011-01-04"]) == 0
    said = capsys.readouterr().out
    assert "Not carried (" in said
    assert "User: people are invited by name" in said
    assert 'starts_on = "2011-01-04"' in file.read_text(encoding="utf-8")
    page = report.read_text(encoding="utf-8")
    assert page.startswith("# From LocalGov IMS\n")
    assert "| Fund | 11 | 10 |" in page
    assert cli.main([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["settings"]["funds"] == 10
    assert 'starts_on = "1973-04-01"' in file.read_text(encoding="utf-8")
    with enter(empty):
        assert not Fund.objects.exists()


def test_the_command_refuses_a_place_it_cannot_write_to(
    northmoor: Council, eastshire: Council, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["config", "import-localgovims", str(SAMPLE), str(tmp_path / "no/x.toml")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert cli.main(
        ["config", "import-localgovims", str(tmp_path / "no"), str(tmp_path / "x.toml")]
    ) == 1  # fmt: skip
    assert "with the CSV files" in capsys.readouterr().err
    assert not (tmp_path / "x.toml").exists()
