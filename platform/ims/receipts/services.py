"""Taking money. Card, bank file, cash-up, API: everything comes through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from ims.accounts.reference_book import Accounts, ReferenceBook, reference_book
from ims.funds.selectors import Book
from ims.ledger.entries import EntryDraft, Kind, LineDraft
from ims.ledger.periods import PeriodFinder
from ims.ledger.services import find_posted, post
from ims.receipts.allocation import Park, placed
from ims.receipts.errors import ReceiptRefused
from ims.suspense.services import Parked, park
from ims_kernel import locks
from ims_kernel.audit.services import Subject, record
from ims_kernel.copying import copy_rows
from ims_kernel.identity.permissions import Actor
from ims_kernel.money import MAX_PENCE, format_pounds


class Source(NamedTuple):
    """The row of a file a receipt came from, and the rule that placed it."""

    import_file_id: int
    line_number: int
    rule_id: int | None


class ReceiptDraft(NamedTuple):
    """Money to take: one amount in pence, in one fund. Minus is money out (an unpaid cheque).

    `park` says why it must wait in suspense; without it the fund and account are checked here and
    decide. Dates: received is the bank's or till's day, effective is when it counts.
    """

    method_code: str
    fund_code: str
    account_reference: str
    amount_pence: int
    received_on: date
    effective_on: date
    payer: str = ""
    reference: str = ""
    narrative: str = ""
    bank_reference: str = ""
    park: Park | None = None
    source: Source | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch. Amounts in pence; entry ids in the order of the drafts."""

    entry_ids: list[int]
    posted_count: int
    posted_pence: int
    parked_count: int
    parked_pence: int


def take(draft: ReceiptDraft, *, actor: Actor, at: datetime) -> int:
    """Take one receipt and return its entry's id. The same idempotency key again returns the same.

    Raises ReceiptRefused, FundNotFound, MethodNotFound, PeriodClosed or SameKeyOtherContent, and
    OutOfScope or OverLimit when the actor may not take this much in this fund.
    """
    actor.require("receipts.take")
    _refuse_unstorable(draft)
    with transaction.atomic():
        if draft.idempotency_key:
            # One transaction at a time works on a key, so that a duplicate sees the first.
            locks.hold(f"take:{draft.idempotency_key}")
            references = reference_book()
            known = references.book
            _check_own(actor, known, [draft])
            entry, _ = _entry(references, draft, _look_up(references, [draft]))
            # What was parked then may be placed by now, or the other way round: still the same.
            named = known.funds.get(draft.fund_code, known.suspense_fund())
            both = frozenset({named.id, known.suspense_fund().id})
            found = find_posted(entry, or_fund_ids=both)
            if found is not None:
                return found
        taken = take_batch([draft], actor=actor, at=at)
        record(actor, "receipts.take", Subject("entry", taken.entry_ids[0]), at=at)
    return taken.entry_ids[0]


# What the tables hold. An account reference that is too long is parked, not refused.
_LONGEST = (
    ("payer", 140),
    ("reference", 140),
    ("narrative", 500),
    ("bank_reference", 64),
    ("idempotency_key", 80),
    ("account_reference", 500),
)


def _refuse_unstorable(draft: ReceiptDraft) -> None:
    for name, longest in _LONGEST:
        text = getattr(draft, name) or ""
        if len(text) > longest or "\x00" in text:
            raise ReceiptRefused(
                f"The {name.replace('_', ' ')} cannot be stored. It may have {longest} characters "
                "of ordinary text. Shorten it, then try again.",
                field=name,
            )


def take_batch(
    drafts: Sequence[ReceiptDraft],
    *,
    actor: Actor,
    at: datetime,
    reference: ReferenceBook | None = None,
    periods: PeriodFinder | None = None,
) -> Taken:
    """Take many receipts, all or none, in the caller's transaction.

    What can be placed is posted to its fund, the rest is posted to suspense with its reason; both
    together are exactly what was given.
    """
    actor.require("receipts.take")
    known = reference or reference_book()
    _check_own(actor, known.book, drafts)
    accounts = _look_up(known, drafts)
    made = [_entry(known, draft, accounts) for draft in drafts]
    ids = post([entry for entry, _ in made], actor=actor, at=at, periods=periods)
    _store_receipts(ids, drafts)
    parked = [
        Parked(id_, draft.amount_pence, draft.received_on, reason.code, reason.reason)
        for id_, draft, (_, reason) in zip(ids, drafts, made, strict=True)
        if reason is not None
    ]
    if parked:
        park(parked)
    total = sum(draft.amount_pence for draft in drafts)
    parked_pence = sum(item.amount_pence for item in parked)
    return Taken(ids, len(ids) - len(parked), total - parked_pence, len(parked), parked_pence)


def _check_own(actor: Actor, known: Book, drafts: Sequence[ReceiptDraft]) -> None:
    """Raise OutOfScope or OverLimit for a receipt outside what a limited actor may take.

    Money nobody can place counts as the suspense fund's. Nothing is looked at for the others: a
    bank file has a million lines.
    """
    if actor.is_free("receipts.take"):
        return
    for draft in drafts:
        fund = draft.fund_code or known.suspense_fund().code
        actor.require("receipts.take", fund=fund, amount_pence=draft.amount_pence)


def _look_up(references: ReferenceBook, drafts: Sequence[ReceiptDraft]) -> Accounts:
    """The accounts of all drafts in funds whose accounts must exist, in one query."""
    if not references.asks_accounts:
        return {}
    return references.look_up(
        (draft.fund_code, references.normalise(draft.fund_code, draft.account_reference))
        for draft in drafts
        if draft.park is None
    )


def _entry(
    references: ReferenceBook, draft: ReceiptDraft, accounts: Accounts
) -> tuple[EntryDraft, Park | None]:
    book_ = references.book
    amount = draft.amount_pence
    if amount == 0 or abs(amount) >= MAX_PENCE:
        raise ReceiptRefused(f"A receipt of {format_pounds(amount)} cannot be taken.")
    account = references.normalise(draft.fund_code, draft.account_reference)
    reason = draft.park or placed(references, draft.fund_code, account, accounts=accounts)
    fund = book_.fund(draft.fund_code) if reason is None else book_.suspense_fund()
    basis_points, vat_pence = book_.vat_on(fund, amount, draft.effective_on)
    line = LineDraft(
        fund.id,
        book_.method(draft.method_code).id,
        account[:40],
        amount,
        fund.vat_code_id,
        basis_points,
        vat_pence,
        draft.effective_on,
    )
    entry = EntryDraft(Kind.RECEIPT, draft.received_on, (line,), "", draft.idempotency_key)
    return entry, reason


def _store_receipts(ids: Sequence[int], drafts: Sequence[ReceiptDraft]) -> None:
    copy_rows(
        "COPY receipts_receipt (entry_id, payer, reference, narrative, bank_reference, "
        "import_file_id, line_number, rule_id) FROM STDIN",
        (
            (
                id_,
                draft.payer,
                draft.reference,
                draft.narrative,
                draft.bank_reference,
                *(draft.source or (None, None, None)),
            )
            for id_, draft in zip(ids, drafts, strict=True)
        ),
    )
