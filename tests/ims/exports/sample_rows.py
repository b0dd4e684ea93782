"""Ledger rows of an invented council."""

from __future__ import annotations

from datetime import date
from typing import Any

from ims.exports.rows import LedgerRow, RunFacts

_FIRST = LedgerRow(
    line_id=1,
    entry_reference="00K9TQ",
    kind="receipt",
    fund_code="CT",
    fund_ledger_code="R1000-4100",
    method_code="CARD",
    method_ledger_code="B9000-0001",
    account_reference="600012345",
    amount_pence=12_050,
    vat_code="N0",
    vat_pence=0,
    net_pence=12_050,
    received_on=date(2026, 8, 3),
    effective_on=date(2026, 8, 3),
    period="2026-08",
    narrative="Council tax, Mrs A Example",
)


def row(**changes: Any) -> LedgerRow:
    """The first sample row with some fields changed; net follows amount and VAT."""
    made = _FIRST._replace(**changes)
    return made._replace(net_pence=made.amount_pence - made.vat_pence)


def detail() -> list[LedgerRow]:
    """Five lines over two methods and two days: money in, money out, and VAT."""
    return [
        row(),
        row(
            line_id=2,
            entry_reference="00K9VR",
            fund_code="PARK",
            fund_ledger_code="R2000-4200",
            account_reference="",
            amount_pence=600,
            vat_code="S1",
            vat_pence=100,
            narrative="Car park season ticket",
        ),
        row(
            line_id=3,
            entry_reference="00K9WS",
            method_code="BANK",
            method_ledger_code="B9000-0002",
            amount_pence=99_999_999,
            narrative="Bank credit",
        ),
        row(
            line_id=4,
            entry_reference="00K9XT",
            amount_pence=-2_050,
            narrative="Refund of an overpayment",
            effective_on=date(2026, 8, 4),
        ),
        row(
            line_id=5,
            entry_reference="00K9YV",
            amount_pence=5,
            narrative="Five pence",
            effective_on=date(2026, 8, 4),
        ),
    ]


def summary() -> list[LedgerRow]:
    """The same five lines as the general journal's grain: fund, method, VAT code and day."""
    empty: dict[str, Any] = {"line_id": None, "entry_reference": "", "kind": "",
                             "account_reference": "", "narrative": "",
                             "received_on": None}  # fmt: skip
    lines = detail()
    return [
        lines[0]._replace(**empty),
        lines[1]._replace(**empty),
        lines[2]._replace(**empty),
        lines[3]._replace(**empty, amount_pence=-2_045, net_pence=-2_045, line_count=2),
    ]


def facts(rows: list[LedgerRow]) -> RunFacts:
    return RunFacts(
        council="Northmoor District Council",
        run_reference="GL-000017",
        created_on=date(2026, 8, 31),
        line_count=sum(each.line_count for each in rows),
        net_pence=sum(each.amount_pence for each in rows),
    )
