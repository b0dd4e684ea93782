"""Posts income for the tests of ledger files, by the door that all money comes through."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from ims.receipts.services import ReceiptDraft, take_batch
from ims_kernel import clock
from ims_kernel.identity.permissions import system

DAY = date(2026, 8, 3)


def draft(pence: int, *, method: str = "CARD", on: date = DAY, account: str = "") -> ReceiptDraft:
    """A receipt in a fund that both test councils can place."""
    return ReceiptDraft(
        method_code=method,
        fund_code="TW" if account.startswith("TW") else "CT",
        account_reference=account or "770000001",
        amount_pence=pence,
        received_on=on,
        effective_on=on,
    )


def post_income(*drafts: ReceiptDraft) -> list[int]:
    """Post receipts in the council at hand; the ids of the entries."""
    with transaction.atomic():
        return take_batch(drafts, actor=system("Test"), at=clock.now()).entry_ids


def post_a_little() -> list[int]:
    """Four receipts: £120.50, £6.00 with VAT, £1,000.00 by bank, £5.00 a day later."""
    return post_income(
        draft(12_050),
        draft(600, account="TW00001"),
        draft(100_000, method="BANK"),
        draft(500, on=date(2026, 8, 4)),
    )
