"""Drafts of money in the councils of tests/samples/starters/district.toml, and what proves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.db import connection, transaction

from ims.funds.selectors import book
from ims.imports import verify as imports_verify
from ims.ledger import verify as ledger_verify
from ims.ledger.entries import EntryDraft, Kind, LineDraft
from ims.ledger.services import post
from ims.ledger.verify import Proof
from ims.receipts.services import ReceiptDraft
from ims.suspense import verify as suspense_verify
from ims_kernel.identity.permissions import Actor, system

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ON = date(2026, 11, 19)
TESTER: Actor = system("Test")


def line(
    pence: int,
    fund: str = "CT",
    account: str = "770000001",
    *,
    method: str = "CARD",
    on: date = ON,
) -> LineDraft:
    """A line into a fund, with the VAT the council's book says."""
    reference = book()
    facts = reference.fund(fund)
    basis_points, vat_pence = reference.vat_on(facts, pence, on)
    return LineDraft(
        facts.id,
        reference.method(method).id,
        account,
        pence,
        facts.vat_code_id,
        basis_points,
        vat_pence,
        on,
    )


def entry(*lines: LineDraft, kind: Kind = Kind.RECEIPT, key: str | None = None) -> EntryDraft:
    """An entry of these lines, received on ON."""
    return EntryDraft(kind, ON, lines, "A test", key)


def posted(*lines: LineDraft, kind: Kind = Kind.RECEIPT) -> int:
    """Post one entry and return its id."""
    with transaction.atomic():
        (entry_id,) = post([entry(*lines, kind=kind)], actor=TESTER, at=AT)
    return entry_id


def receipt(
    pence: int = 1_000,
    fund: str = "CT",
    account: str = "770000001",
    *,
    method: str = "CARD",
    key: str | None = None,
    on: date = ON,
) -> ReceiptDraft:
    """Money to take."""
    return ReceiptDraft(method, fund, account, pence, on, on, idempotency_key=key)


def proofs() -> Iterator[Proof]:
    """Every proof of the council at hand."""
    yield from ledger_verify.prove()
    yield from suspense_verify.prove()
    yield from imports_verify.prove()


def problems() -> list[str]:
    """What the proofs found wrong."""
    return [proof.problem for proof in proofs() if proof.problem]


def count(table: str) -> int:
    """How many rows a table of the council at hand has."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        row = cursor.fetchone()
    return int(row[0])


def counts() -> dict[str, int]:
    """How many rows every table has that money leaves traces in."""
    tables = (
        "ledger_entry", "ledger_line", "receipts_receipt", "suspense_suspenseitem",
        "suspense_allocation", "imports_importfile", "imports_importrow", "audit_auditevent",
    )  # fmt: skip
    return {table: count(table) for table in tables}
