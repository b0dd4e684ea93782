"""Adding, changing, retiring and restoring records, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportProfile
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import ImsError, NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import kinds, selectors, services, texts, uses
from ims_kernel.records.errors import (
    ChangedMeanwhile,
    FieldRefused,
    RecordInUse,
    RecordKeyTaken,
    RecordNotFound,
)
from ims_kernel.records.fields import Values
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims_kernel.records.conftest import METHODS, NEW, PROFILES, asked

Given = Values


def acts() -> list[tuple[str, str, dict[str, object]]]:
    return [(e.act, e.object_id, e.facts) for e in AuditEvent.objects.order_by("-id")[:1]]


def before_and_after() -> tuple[object, object]:
    """What the newest audit row says, wherever its columns keep it."""
    event = AuditEvent.objects.latest("id")
    facts = {**event.facts, **{k: v for k, v in vars(event).items() if k in ("before", "after")}}
    return facts["before"], facts["after"]


def test_a_record_is_added_with_its_audit_row(council: Council, actor: Actor) -> None:
    saved = services.save(METHODS, None, NEW, asked=asked(actor))
    assert (saved.key, saved.changed, saved.waiting) == ("PH", True, False)
    made = MethodOfPayment.objects.get(code="PH")
    assert (made.name, made.purpose, made.control_code) == ("Phone", "card", "90-77")
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.object_kind, event.object_id, event.reason) == (
        *("settings.add", "test-methods", "PH"),
        "Year end",
    )
    assert before_and_after() == ({}, {**NEW, "code": "PH"})


def test_a_change_keeps_only_what_changed(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    assert services.save(METHODS, "PH", {"name": "Telephone"}, asked=asked(actor)).changed
    assert before_and_after() == ({"name": "Phone"}, {"name": "Telephone"})
    assert MethodOfPayment.objects.get(code="PH").control_code == "90-77"


def test_a_change_that_changes_nothing_writes_nothing(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    count = AuditEvent.objects.count()
    assert not services.save(METHODS, "PH", {**NEW, "code": "PH"}, asked=asked(actor)).changed
    assert AuditEvent.objects.count() == count


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": ""}, "name", "Enter name."),
        ({"name": "x" * 41}, "name", "has 41 characters. It may have 40."),
        ({"name": "a\x00b"}, "name", "cannot be seen"),
        ({"name": "a\nb"}, "name", "cannot be seen"),
        ({"name": 7}, "name", "must be text"),
        ({"code": "a b"}, "code", "letters and digits"),
        ({"purpose": "gold"}, "purpose", "“gold” is not one of"),
        ({"colour": "red"}, "colour", "has no field “colour”"),
        ({"code": "X", "control_code": "X"}, "control_code", "cannot be the code"),
        ({"purpose": "journal"}, "purpose", "There is already a method for journals."),
    ],
)
def test_what_is_refused_changes_nothing(
    council: Council, actor: Actor, given: Given, field: str, words: str
) -> None:
    there = MethodOfPayment.objects.count(), AuditEvent.objects.count()
    with pytest.raises(ImsError) as refused:
        services.save(METHODS, None, {**NEW, **given}, asked=asked(actor))
    assert words in refused.value.message
    assert refused.value.facts["field"] == field
    assert (MethodOfPayment.objects.count(), AuditEvent.objects.count()) == there


def test_a_code_is_taken_once(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    with pytest.raises(RecordKeyTaken, match="already a method PH, in use"):
        services.save(METHODS, None, NEW, asked=asked(actor))
    services.retire(METHODS, "PH", asked=asked(actor))
    with pytest.raises(RecordKeyTaken, match="restore it instead"):
        services.save(METHODS, None, NEW, asked=asked(actor))


def test_a_fixed_field_stays(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    with pytest.raises(FieldRefused, match="cannot be changed once it is set"):
        services.save(METHODS, "PH", {"code": "PX"}, asked=asked(actor))


def test_somebody_else_changed_it_meanwhile(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    seen = selectors.get(METHODS, "PH").digest
    services.save(METHODS, "PH", {"name": "Telephone"}, asked=asked(actor, seen=seen))
    with pytest.raises(ChangedMeanwhile, match="changed by somebody else"):
        services.save(METHODS, "PH", {"name": "Call"}, asked=asked(actor, seen=seen))
    with pytest.raises(ChangedMeanwhile):
        services.retire(METHODS, "PH", asked=asked(actor, seen=seen))
    assert MethodOfPayment.objects.get(code="PH").name == "Telephone"


def test_retired_and_restored(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    assert services.retire(METHODS, "PH", asked=asked(actor, "Line closed")).changed
    assert not services.retire(METHODS, "PH", asked=asked(actor)).changed
    assert not selectors.get(METHODS, "PH").is_active
    assert "PH" not in dict(selectors.options("test-methods"))
    assert dict(selectors.options("test-methods", kept=("PH",)))["PH"] == "PH Phone"
    assert services.restore(METHODS, "PH", asked=asked(actor)).changed
    assert [e.act for e in selectors.history(selectors.get(METHODS, "PH"))] == [
        *("settings.restore", "settings.retire", "settings.add"),
    ]


def test_what_is_used_is_not_retired(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    ImportProfile.objects.create(code="phone", name="Phone file", method_code="PH")
    with pytest.raises(RecordInUse, match="it has 1 profiles in use"):
        services.retire(METHODS, "PH", asked=asked(actor))
    ImportProfile.objects.filter(code="phone").update(is_active=False)
    assert services.retire(METHODS, "PH", asked=asked(actor)).changed


def test_a_counter_of_another_app_blocks(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    uses.register("test-methods", "open items", lambda method: 3 if method.code == "PH" else 0,
                  blocks=True)  # fmt: skip
    uses.register("test-methods", "lines", lambda _method: 1_234)
    with pytest.raises(RecordInUse, match="3 open items") as refused:
        services.retire(METHODS, "PH", asked=asked(actor))
    assert "lines" not in refused.value.message
    found = selectors.where_used(selectors.get(METHODS, "PH"))
    assert [(use.text, use.count) for use in found] == [("open items", 3), ("lines", 1_234)]


def test_a_link_leads_to_a_record_in_use(council: Council, actor: Actor) -> None:
    open_kind = replace(PROFILES, second_person=False)
    given = {"code": "p", "name": "P", "method_code": "ZZ"}
    with pytest.raises(FieldRefused, match="There is no method “ZZ”"):
        services.save(open_kind, None, given, asked=asked(actor))
    MethodOfPayment.objects.create(code="ZZ", name="Z", purpose="bank", is_active=False)
    with pytest.raises(FieldRefused, match="ZZ is retired"):
        services.save(open_kind, None, given, asked=asked(actor))
    MethodOfPayment.objects.filter(code="ZZ").update(is_active=True)
    assert services.save(open_kind, None, given, asked=asked(actor)).changed
    MethodOfPayment.objects.filter(code="ZZ").update(is_active=False)
    # What it already named may stay.
    assert services.save(open_kind, "p", {"name": "Q"}, asked=asked(actor)).changed


def test_without_the_permission_nothing_happens(council: Council) -> None:
    nobody = asked(Actor("Priya", permissions=frozenset({"settings.view"})))
    with pytest.raises(NotAllowed):
        services.save(METHODS, None, NEW, asked=nobody)
    with pytest.raises(NotAllowed):
        services.retire(METHODS, "BANK", asked=nobody)
    with pytest.raises(NotAllowed):
        services.restore(METHODS, "BANK", asked=nobody)
    assert not MethodOfPayment.objects.filter(code="PH").exists()
    assert not AuditEvent.objects.filter(object_kind=METHODS.slug).exists()


def test_a_text_no_setting_may_hold(
    council: Council, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_checks", {})
    texts.register("test", lambda text: "this looks like a key." if "sk_live_" in text else "")
    with pytest.raises(FieldRefused) as refused:
        services.save(METHODS, None, {**NEW, "name": "sk_live_abc"}, asked=asked(actor))
    assert refused.value.message == "Name: this looks like a key."


def test_records_that_are_not_there(council: Council, actor: Actor) -> None:
    for key in ("NOPE", "a\x00b"):
        with pytest.raises(RecordNotFound):
            services.save(METHODS, key, {"name": "X"}, asked=asked(actor))
    with pytest.raises(ImsError, match="no kind of setting called “gold”"):
        kinds.get_kind("gold")


def test_the_neighbour_keeps_its_own(northmoor: Council, eastshire: Council, actor: Actor) -> None:
    with enter(northmoor):
        services.save(METHODS, None, NEW, asked=asked(actor))
    with enter(eastshire):
        assert not MethodOfPayment.objects.filter(code="PH").exists()
        with pytest.raises(RecordNotFound):
            selectors.get(METHODS, "PH")


def test_records_are_found_and_written_out(council: Council, actor: Actor) -> None:
    services.save(METHODS, None, NEW, asked=asked(actor))
    services.retire(METHODS, "PH", asked=asked(actor))
    assert [m.code for m in selectors.find(METHODS, "phon", selectors.RETIRED)] == ["PH"]
    assert list(selectors.find(METHODS, "phon")) == []
    used, retired = selectors.counts(METHODS)
    assert (used, retired) == (MethodOfPayment.objects.count() - 1, 1)
    written = {values["code"]: values for values in selectors.export_all(METHODS)}
    assert written["PH"] == {**NEW, "code": "PH", "is_active": False}
    assert "is_active" not in written["BANK"]
