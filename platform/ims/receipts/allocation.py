"""Whether a receipt can go where it says, or must wait in suspense. No guessing."""

from __future__ import annotations

from typing import NamedTuple

from ims.accounts.reference_book import Accounts, ReferenceBook
from ims.ledger.entries import MAX_ACCOUNT


class Park(NamedTuple):
    """Why money waits in suspense."""

    code: str
    reason: str


def placed(
    references: ReferenceBook, fund_code: str, account_reference: str, *, accounts: Accounts | None
) -> Park | None:
    """None when the fund takes the account, else why not.

    The reference is as its fund keeps it (ReferenceBook.normalise); `accounts` are those that
    `references.look_up` found, for funds whose accounts must exist; None asks by form alone.
    """
    fund = references.book.funds.get(fund_code)
    if fund is None:
        return Park("fund_unknown", f"There is no fund {fund_code}.")
    if fund.is_suspense:
        return Park("sent_to_suspense", "A rule sends this to suspense.")
    if not fund.is_active:
        return Park("fund_closed", f"{fund.name} is not in use.")
    label = fund.account_label.lower()
    if not account_reference:
        return Park("account_missing", f"No {label} for {fund.name}.")
    if len(account_reference) > MAX_ACCOUNT:
        return Park(
            "account_not_valid",
            f"“{account_reference[:40]}” does not look like the {label} of {fund.name}.",
        )
    refusal = references.refusal(fund_code, account_reference, accounts)
    return Park(*refusal) if refusal else None
