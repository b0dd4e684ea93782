"""A file is applied once, all or nothing, and refused with its line and field."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportProfile
from ims_kernel.audit.models import AuditEvent
from ims_kernel.configuration import applying, document, writing
from ims_kernel.configuration.document import read
from ims_kernel.configuration.errors import (
    FileRefused,
    FileUnreadable,
    OtherCouncil,
    SettingsMoved,
    TablesNotAllowed,
    WrongSchema,
)
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.models import SecondPersonRule
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import kinds
from ims_kernel.records.models import ProposedChange
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims_kernel.records.conftest import METHODS, asked

GOOD = """schema = 1

[[test-methods]]
code = "PH"
name = "Phone"
purpose = "card"
control_code = "9-77"

[[test-profiles]]
code = "calls"
name = "Calls"
method_code = "PH"
"""


def given(actor: Actor) -> Asked:
    return applying.by_the_service(asked(actor))


def apply(text: str, actor: Actor) -> applying.Outcome:
    return applying.apply(read(text.encode()), given(actor))


def summary(outcome: applying.Outcome) -> list[tuple[str, str, str]]:
    return [(change.slug, change.key, change.what) for change in outcome.changes]


def test_a_file_adds_what_is_new_and_twice_is_once(council: Council, actor: Actor) -> None:
    both = [("test-methods", "PH", "added"), ("test-profiles", "calls", "added")]
    assert summary(applying.compare(read(GOOD.encode()), given(actor))) == both
    assert not MethodOfPayment.objects.filter(code="PH").exists()
    assert summary(apply(GOOD, actor)) == both
    assert MethodOfPayment.objects.get(code="PH").control_code == "9-77"
    count = AuditEvent.objects.count()
    again = apply(GOOD, actor)
    assert (again.changes, again.unchanged) == ([], 2)
    assert AuditEvent.objects.count() == count


def test_a_change_says_what_differs(council: Council, actor: Actor) -> None:
    apply(GOOD, actor)
    outcome = apply(GOOD.replace('"Phone"', '"Telephone"').replace('"PH"\nname', '"ph"\nname'),
                    actor)  # fmt: skip
    (change,) = outcome.changes
    assert (change.key, change.what) == ("PH", "changed")
    assert (change.before, change.after) == ({"Name": "Phone"}, {"Name": "Telephone"})
    assert "method BANK Bank credit" in outcome.not_in_file


def test_a_record_is_retired_and_restored_by_the_file(council: Council, actor: Actor) -> None:
    apply(GOOD, actor)
    off = GOOD.replace('name = "Calls"', 'name = "Calls"\nis_active = false')
    assert summary(apply(off, actor)) == [("test-profiles", "calls", "retired")]
    assert apply(off, actor).changes == []
    assert summary(apply(GOOD, actor)) == [("test-profiles", "calls", "restored")]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ('"Phone"', "7", "Line 5, test-methods 1, name: Name must be text."),
        ('"card"', '"gold"', "Line 6, test-methods 1, purpose: “gold” is not one of"),
        ('"9-77"', '"PH"', "Line 7, test-methods 1, control_code: The control account cannot be"),
        (
            'method_code = "PH"',
            'method_code = "NO"',
            "Line 12, test-profiles 1, method_code: There",
        ),
        ('name = "Calls"', 'title = "Calls"', "Line 11, test-profiles 1, title: A profile has no"),
        (
            "[[test-profiles]]",
            "[[gold]]",
            "Line 9, gold 1: There is no table “gold”. There are: test",
        ),
        ('name = "Calls"', "is_active = 3", "Line 11, test-profiles 1, is_active: is_active must"),
    ],
)
def test_a_bad_record_is_refused_with_its_line_and_nothing_is_done(
    council: Council, actor: Actor, wrong: str, right: str, words: str
) -> None:
    there = MethodOfPayment.objects.count(), AuditEvent.objects.count()
    with pytest.raises(FileRefused) as refused:
        apply(GOOD.replace(wrong, right, 1), actor)
    assert refused.value.message.startswith(words)
    assert (MethodOfPayment.objects.count(), AuditEvent.objects.count()) == there


def test_settings_there_are_one_of_are_there_once_in_a_file(
    council: Council, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = replace(METHODS, slug="test-one", singular="money settings", single=True)
    monkeypatch.setitem(kinds._kinds, "test-one", single)
    before = MethodOfPayment.objects.count()
    with pytest.raises(FileRefused) as refused:
        apply('schema = 1\n\n[[test-one]]\nname = "A"\n\n[[test-one]]\nname = "B"\n', actor)
    assert refused.value.message == "Line 6, test-one 2: Money settings may be there once."
    assert MethodOfPayment.objects.count() == before


def test_a_code_twice_in_a_file(council: Council, actor: Actor) -> None:
    twice = GOOD + '\n[[test-methods]]\ncode = "ph"\nname = "X"\ncontrol_code = "1"\n'
    with pytest.raises(FileRefused, match="Line 15, test-methods 2, code: PH is there twice"):
        apply(twice, actor)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"a = ", FileUnreadable, "is not TOML"),
        (b"schema = 1\n\xff", FileUnreadable, "not UTF-8"),
        (b"x" * (document.MAX_BYTES + 1), FileUnreadable, "larger than 5 MB"),
        (b"a = 1", WrongSchema, "does not say its schema"),
        (b"schema = 0", WrongSchema, "an older schema, 0"),
        (b"schema = 2", WrongSchema, "another schema, 2"),
        (b"schema = true", WrongSchema, "schema, True"),
        (b"schema = 1\nwritten_out_of = 4", FileRefused, "must be the council's name"),
        (b"schema = 1\nfunds = 4", FileRefused, "funds must be a table"),
        (b"schema = 1\na = " + b"[" * 3000, FileUnreadable, "is not TOML|without end"),
    ],
)
def test_a_file_that_cannot_be_read(data: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read(data)


def test_a_file_of_another_council() -> None:
    found = read(b'schema = 1\nwritten_out_of = "Eastshire Council"')
    document.check_council(found, "Eastshire Council")
    with pytest.raises(OtherCouncil, match="out of Eastshire Council, and this council is North"):
        document.check_council(found, "Northmoor")


def test_the_permission_is_asked_for(council: Council) -> None:
    with pytest.raises(NotAllowed, match="Apply a configuration file"):
        apply(GOOD, Actor("Priya"))
    with pytest.raises(TablesNotAllowed, match="may not change: test-methods") as refused:
        apply(GOOD, Actor("Priya", permissions=frozenset({"settings.apply_file"})))
    assert "Take money" in refused.value.message


def test_what_somebody_looked_at_is_what_is_applied(council: Council, actor: Actor) -> None:
    found, who = read(GOOD.encode()), given(actor)
    seen = applying.compare(found, who).digest
    apply(GOOD.replace('"Phone"', '"Telephone"'), actor)
    with pytest.raises(SettingsMoved):
        applying.apply(found, who, expected=seen)
    assert MethodOfPayment.objects.get(code="PH").name == "Telephone"
    again = applying.compare(found, who).digest
    assert again != seen
    assert applying.apply(found, who, expected=again).digest == again


def test_a_second_person_is_asked_once_for_a_change_and_for_retiring(
    council: Council, actor: Actor
) -> None:
    apply(GOOD, actor)
    SecondPersonRule.objects.create(act="settings.test-profiles", is_needed=True)
    count = AuditEvent.objects.count()
    off = read(GOOD.replace('name = "Calls"', 'name = "Calls"\nis_active = false').encode())
    other = read(GOOD.replace('"Calls"', '"Call centre"').encode())
    for file, before, after in (
        (off, {}, {"State": "retired"}),
        (other, {"Name": "Calls"}, {"Name": "Call centre"}),
    ):
        (change,) = applying.apply(file, asked(actor)).changes
        assert (change.what, change.before, change.after) == ("waiting", before, after)
        outcome = applying.apply(file, asked(actor))
        assert [change.what for change in outcome.changes] == ["waiting already"]
        assert outcome.is_done
    assert ProposedChange.objects.count() == 2
    assert AuditEvent.objects.count() == count + 4  # Two proposals, two files applied.
    assert ImportProfile.objects.get(code="calls").is_active


def test_what_is_written_is_read_again(
    northmoor: Council, eastshire: Council, actor: Actor
) -> None:
    with enter(northmoor):
        apply(GOOD, actor)
        written = writing.write("Northmoor")
        assert apply(written, actor).changes == []
    assert read(written.encode()).council == "Northmoor"
    jsonschema.validate(tomllib.loads(written), writing.json_schema())
    with enter(eastshire):
        before = MethodOfPayment.objects.count()
        assert MethodOfPayment.objects.filter(code="PH").count() == 0
        assert before == MethodOfPayment.objects.count()


def test_the_schema_refuses_what_apply_refuses(tmp_path: Path) -> None:
    schema = writing.json_schema()
    tables = ["schema", "written_out_of", "test-methods", "test-profiles"]
    assert list(schema["properties"]) == tables
    for text in (GOOD.replace('"Phone"', "7"), GOOD.replace("name =", "title =")):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tomllib.loads(text), schema)


def test_a_short_record_has_a_heading_of_its_own() -> None:
    found = {"test-methods": [{"code": "A", "name": "B" * 90}], "test-profiles": [{"code": "x"}]}
    text = writing.write("", found)
    assert '[[test-profiles]]\ncode = "x"' in text
    assert tomllib.loads(text) == {"schema": 1, **found}
