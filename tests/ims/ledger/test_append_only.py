"""The database refuses every change of what was posted, also to raw SQL."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from ims.ledger.models import Block, Entry, Line
from ims.ledger.sealing import seal
from ims.receipts.services import take
from ims_kernel.audit import sealing as audit
from ims_kernel.audit.models import AuditBlock, AuditEvent
from ims_tenants.models import Council
from tests.factories.drafts import AT, TESTER, count, receipt

TABLES = [
    "ledger_entry", "ledger_line", "ledger_block", "audit_auditevent", "audit_auditblock",
]  # fmt: skip
SET = {
    "ledger_entry": "total_pence = 0",
    "ledger_line": "amount_pence = 1",
    "ledger_block": "line_count = 0",
    "audit_auditevent": "reason = ''",
    "audit_auditblock": "last_entry_id = 0",
}


@pytest.fixture
def sealed(council: Council) -> Council:
    """A council with a sealed receipt, and so with audit rows."""
    take(receipt(), actor=TESTER, at=AT)
    assert seal(at=AT) == 1
    assert audit.seal(at=AT) >= 1
    return council


def refused(statement: str) -> str:
    """What the database says to a statement it must refuse."""
    with (
        pytest.raises(DatabaseError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(error.value)


@pytest.mark.parametrize("table", TABLES)
def test_rows_cannot_be_changed_deleted_or_truncated(sealed: Council, table: str) -> None:
    before = count(table)
    assert before > 0
    for statement in (
        f"UPDATE {table} SET {SET[table]}",
        f"UPDATE {table} SET {SET[table]} WHERE false",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE false",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"TRUNCATE {sealed.schema_name}.{table} RESTART IDENTITY",
    ):
        assert "append-only" in refused(statement), statement
    assert count(table) == before


def test_an_insert_that_would_update_is_refused(sealed: Council) -> None:
    assert "append-only" in refused(
        "INSERT INTO ledger_entry SELECT * FROM ledger_entry "
        "ON CONFLICT (id) DO UPDATE SET total_pence = 0"
    )
    assert "append-only" in refused(
        "MERGE INTO ledger_line l USING ledger_line m ON l.id = m.id "
        "WHEN MATCHED THEN UPDATE SET amount_pence = 1"
    )


def test_common_table_expressions_cannot_hide_a_deletion(sealed: Council) -> None:
    assert "append-only" in refused(
        "WITH gone AS (DELETE FROM ledger_line RETURNING id) SELECT count(*) FROM gone"
    )
    assert count("ledger_line") == 1


def test_truncating_another_table_cannot_reach_the_ledger(sealed: Council) -> None:
    refused("TRUNCATE funds_fund, ledger_line CASCADE")
    assert count("ledger_line") == 1
    assert count("funds_fund") == 5


def test_the_guard_holds_whatever_the_search_path(sealed: Council, eastshire: Council) -> None:
    path = f"SET LOCAL search_path = {eastshire.schema_name}"
    for table in TABLES:
        assert "append-only" in refused(f"{path}; DELETE FROM {sealed.schema_name}.{table}")


@pytest.mark.parametrize("model", [Entry, Line, Block, AuditEvent, AuditBlock])
def test_the_models_cannot_change_rows_either(sealed: Council, model: type) -> None:
    row = model.objects.first()  # type: ignore[attr-defined]
    for act in (row.save, row.delete, model.objects.all().delete):  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert model.objects.count() >= 1  # type: ignore[attr-defined]


def test_every_council_made_from_the_template_has_the_guards(
    northmoor: Council, eastshire: Council
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal "
            "AND t.tgenabled = 'O' AND (c.relname LIKE 'ledger%%' OR c.relname LIKE 'audit%%') "
            "AND n.nspname = ANY (%s) GROUP BY 1",
            [[northmoor.schema_name, eastshire.schema_name]],
        )
        found = dict(cursor.fetchall())
    # Three tables, the audit trail and its blocks append-only; lines checked, entries at commit.
    assert found == {northmoor.schema_name: 7, eastshire.schema_name: 7}
