"""What the ledger holds of one account."""

from __future__ import annotations

from ims.reports.transactions import Criteria, FoundLine, search, with_receipts

RECENT = 20


def recent_of_account(fund_id: int, reference: str) -> list[FoundLine]:
    """The newest lines of an account in a fund, at most RECENT. Two queries."""
    rows = search(Criteria(account=reference, fund_id=fund_id))
    return with_receipts(list(rows.order_by("-received_on", "-pk")[:RECENT]))
