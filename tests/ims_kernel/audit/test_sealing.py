"""Every act is sealed in a chain; whoever changes, deletes or adds one is found and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from ims_kernel.audit import sealing
from ims_kernel.audit.models import AuditBlock, AuditEvent
from ims_kernel.audit.services import Subject, record
from ims_kernel.audit.tasks import seal_audit
from ims_kernel.identity.permissions import Actor
from ims_kernel.jobs import schedules
from ims_kernel.sealing import anchors
from ims_kernel.sealing.chain import has_unsealed
from ims_kernel.sealing.proof import problem_with
from ims_tenants import tasks
from ims_tenants.current import enter, public
from ims_tenants.models import Anchor, Council
from tests.factories.audit import empty_trail
from tests.factories.drafts import AT

PRIYA = Actor("Priya", user_id=7, on_behalf_of=Actor("Rhian", user_id=8))


def seal_now() -> int:
    return sealing.seal(at=AT, patience=30)


def tamper(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def problem() -> str:
    return sealing.prove().problem


def acts(count: int) -> list[int]:
    """So many acts; returns their ids."""
    for number in range(count):
        record(PRIYA, "tests.try", Subject("thing", number), at=AT, reason="Why", before={"a": 1})
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))[-count:]


@pytest.fixture
def trail(council: Council) -> Council:
    """Northmoor, entered, with nothing in its trail yet."""
    empty_trail()
    return council


@pytest.fixture
def sealed(trail: Council, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nine acts in three blocks, and the guards off as only the tables' owner can."""
    monkeypatch.setattr(sealing, "CHAIN", replace(sealing.CHAIN, block_rows=3))
    ids = acts(9)
    assert seal_now() == 9
    assert problem() == ""
    for table in ("audit_auditevent", "audit_auditblock"):
        tamper(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return ids


def test_every_column_of_an_event_is_in_its_digest(council: Council) -> None:
    """A column that is added later must be added to the digest, or left out knowingly."""
    columns = {field.column for field in AuditEvent._meta.concrete_fields}
    assert {column for column in columns if f"e.{column}" not in sealing.DIGESTS} == set()


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Nobody'", "actor_id = NULL", "behalf_name = ''", "behalf_id = NULL",
        "act = 'tests.other'", "object_kind = 'other'", "object_id = '99'",
        "facts = '{\"x\": 1}'", "before = NULL", "after = '{}'", "reason = ''", "source = 'web'",
        "request_id = 'x'", "address = '203.0.113.9'", "at = at + interval '1 microsecond'",
    ],
)  # fmt: skip
def test_a_changed_event_is_named(sealed: list[int], change: str) -> None:
    tamper(f"UPDATE audit_auditevent SET {change} WHERE id IN ({sealed[4]}, {sealed[8]})")
    found = problem()
    assert found.startswith(f"Block 2 was altered. The first bad row is audit event {sealed[4]} (")
    assert found.endswith("), which is not as it was sealed.")


def test_a_deleted_event_is_named(sealed: list[int]) -> None:
    tamper(f"DELETE FROM audit_auditevent WHERE id = {sealed[7]}")
    assert problem() == (
        f"Block 3 was altered. The first bad row is audit event {sealed[7]}, which is gone."
    )


def test_an_event_put_in_afterwards_is_named(trail: Council) -> None:
    first, last = acts(1)[0], acts(1)[0] + 5
    tamper(f"SELECT setval(pg_get_serial_sequence('audit_auditevent', 'id'), {last})")
    acts(1)
    assert seal_now() == 3
    tamper(
        "CREATE TEMP TABLE copied ON COMMIT DROP AS "
        f"SELECT * FROM audit_auditevent WHERE id = {first}",
        f"UPDATE copied SET id = {last - 1}",
        "INSERT INTO audit_auditevent SELECT * FROM copied",
    )
    assert problem() == (
        f"Block 1 was altered. The first bad row is audit event {last - 1} (tests.try, Priya), "
        "which was added."
    )


def test_the_newest_blocks_cut_off_are_missed(sealed: list[int]) -> None:
    tamper(
        "DELETE FROM audit_auditblock WHERE number = 3",
        f"DELETE FROM audit_auditevent WHERE id > {sealed[5]}",
    )
    assert problem() == (
        "The newest blocks are gone: block 3 was sealed, and the chain ends with block 2."
    )


def test_a_trail_emptied_altogether_is_missed(sealed: list[int]) -> None:
    tamper("DELETE FROM audit_auditblock", "DELETE FROM audit_auditevent")
    assert problem() == "The newest blocks are gone: block 3 was sealed, and the chain is empty."


def test_one_event_is_checked_by_its_own_block(sealed: list[int]) -> None:
    def found(event_id: int) -> str | None:
        return problem_with(sealing.CHAIN, event_id, name=sealing.row_name)

    assert [found(each) for each in sealed] == [""] * 9
    tamper(f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {sealed[3]}")
    assert [bool(found(each)) for each in sealed] == [False] * 3 + [True] * 3 + [False] * 3
    (later,) = acts(1)
    assert found(later) is None


def test_an_anchor_only_moves_to_the_next_block(sealed: list[int]) -> None:
    anchor = Anchor.objects.get(chain="audit", number=3)
    refused = "only moves to the next block"
    for change in ("number = 2", "number = 3", "number = 5", "number = 4, series = 2"):
        with (
            pytest.raises(DatabaseError, match=refused),
            transaction.atomic(),
        ):
            tamper(f"UPDATE ims_tenants_anchor SET {change} WHERE id = {anchor.pk}")
    for statement in ("DELETE FROM ims_tenants_anchor", "TRUNCATE ims_tenants_anchor"):
        with (
            pytest.raises(DatabaseError, match=refused),
            transaction.atomic(),
        ):
            tamper(statement)


def test_each_council_and_the_operators_have_a_trail_of_their_own(
    northmoor: Council, eastshire: Council
) -> None:
    with enter(northmoor):
        empty_trail()
        acts(2)
        assert seal_now() == 2
    with enter(eastshire):
        assert AuditBlock.objects.count() == 0
        assert problem() == ""
        acts(1)
        assert has_unsealed(sealing.CHAIN)
    with public():
        # The making of the two councils.
        assert set(AuditEvent.objects.values_list("act", flat=True)) == {"councils.create"}
        tasks.dispatch()
        assert not has_unsealed(sealing.CHAIN)
        assert problem() == ""


def test_sealing_is_due_shortly_after_and_not_every_minute(trail: Council) -> None:
    assert not sealing.is_due(AT)
    acts(1)
    assert sealing.is_due(AT)
    seal_now()
    acts(1)
    assert not sealing.is_due(AT + timedelta(minutes=4))
    assert sealing.is_due(AT + timedelta(minutes=5))
    assert schedules.registered()["seal_audit"].task is seal_audit


def test_the_job_seals_the_trail_of_its_council_alone(
    northmoor: Council, eastshire: Council
) -> None:
    for council in (northmoor, eastshire):
        with enter(council):
            empty_trail()
            acts(2)
    with enter(northmoor):
        seal_audit.function()
        assert not has_unsealed(sealing.CHAIN)
        assert sealing.prove().problem == ""
        assert AuditBlock.objects.count() == 1
    with enter(eastshire):
        assert has_unsealed(sealing.CHAIN)
        assert AuditBlock.objects.count() == 0


def test_nothing_is_sealed_before_tenancy_says_where_anchors_are(
    trail: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts(1)
    monkeypatch.setattr(anchors._Chosen, "store", None)
    with pytest.raises(RuntimeError, match="where the anchors"), transaction.atomic():
        seal_now()
    assert AuditBlock.objects.count() == 0
