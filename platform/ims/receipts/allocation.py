"""Whether a receipt can go where it says, or must wait in suspense. No guessing."""

from __future__ import annotations

from typing import NamedTuple

from ims.funds.selectors import Book
from ims.ledger.entries import MAX_ACCOUNT


class Park(NamedTuple):
    """Why money waits in suspense."""

    code: str
    reason: str


def placed(book: Book, fund_code: str, account_reference: str) -> Park | None:
    """None when the fund takes the account, else why not."""
    fund = book.funds.get(fund_code)
    if fund is None:
        return Park("fund_unknown", f"There is no fund {fund_code}.")
    if fund.is_suspense:
        return Park("sent_to_suspense", "A rule sends this to suspense.")
    if not fund.is_active:
        return Park("fund_closed", f"{fund.name} is not in use.")
    label = fund.account_label.lower()
    if not account_reference:
        return Park("account_missing", f"No {label} for {fund.name}.")
    if len(account_reference) > MAX_ACCOUNT or not fund.accepts(account_reference):
        return Park(
            "account_not_valid",
            f"“{account_reference[:40]}” does not look like the {label} of {fund.name}.",
        )
    return None
