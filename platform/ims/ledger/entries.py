"""Drafts of entries, which cannot be unbalanced.

A line moves a signed amount between a method of payment's control account and a fund, so every
line balances by itself: plus is money into the fund. An entry that only moves money already
received must also add up to zero.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ims.ledger.errors import EntryUnbalanced
from ims_kernel.money import MAX_PENCE, format_pounds


class Kind(StrEnum):
    """What an entry is."""

    RECEIPT = "receipt"
    REFUND = "refund"
    JOURNAL = "journal"
    TRANSFER = "transfer"
    ALLOCATION = "allocation"
    REVERSAL = "reversal"


# These bring money in or take it out; all others move what is there and must add up to zero.
# A reversal is the opposite of what it reverses, so it may do either.
BRINGS_MONEY = frozenset({Kind.RECEIPT, Kind.REFUND, Kind.REVERSAL})


# What a line holds. A longer reference is never cut: its end may be what tells accounts apart.
MAX_ACCOUNT = 40


class LineDraft(NamedTuple):
    """One line to post. Amounts in pence, plus into the fund; dates as in docs/glossary.md."""

    fund_id: int
    method_id: int
    account_reference: str
    amount_pence: int
    vat_code_id: int
    vat_basis_points: int
    vat_pence: int
    effective_on: date


class EntryDraft(NamedTuple):
    """One entry to post, with its lines in order."""

    kind: Kind
    received_on: date
    lines: tuple[LineDraft, ...]
    narrative: str = ""
    idempotency_key: str | None = None
    corrects_id: int | None = None


def check(draft: EntryDraft) -> int:
    """The draft's total in pence. Raises EntryUnbalanced when it may not be posted."""
    if not draft.lines:
        raise EntryUnbalanced("An entry needs at least one line.")
    total = 0
    for line in draft.lines:
        if line.amount_pence == 0 or abs(line.amount_pence) >= MAX_PENCE:
            raise EntryUnbalanced(
                f"A line of {format_pounds(line.amount_pence)} cannot be posted.",
                amount_pence=line.amount_pence,
            )
        total += line.amount_pence
    if draft.kind not in BRINGS_MONEY and total != 0:
        raise EntryUnbalanced(
            f"This {draft.kind} is out by {format_pounds(total)}. What it takes from some accounts "
            "must equal what it gives to others.",
            total_pence=total,
        )
    return total
