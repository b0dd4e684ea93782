"""Parking money in suspense, and moving it to where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from ims.accounts.reference_book import Accounts, ReferenceBook, reference_book
from ims.funds.selectors import Book, FundFacts
from ims.ledger.entries import MAX_ACCOUNT, EntryDraft, Kind, LineDraft
from ims.ledger.selectors import get_entry
from ims.ledger.services import find_posted, post
from ims.suspense.errors import AllocationRefused, AlreadyAllocated, SuspenseItemNotFound
from ims.suspense.models import Allocation, SuspenseItem
from ims_kernel.audit.services import Subject, record
from ims_kernel.copying import copy_rows
from ims_kernel.identity.permissions import Actor
from ims_kernel.money import format_pounds
from ims_kernel.permissions import OutOfScope, OverLimit

MAX_TARGETS = 50


class Parked(NamedTuple):
    """A posted receipt to open an item for. Amount in pence, with its sign."""

    entry_id: int
    amount_pence: int
    opened_on: date
    reason_code: str
    reason: str


def park(items: Sequence[Parked]) -> None:
    """Open an item for each receipt. Called by receipts, in the transaction of the posting."""
    copy_rows(
        "COPY suspense_suspenseitem (entry_id, amount_pence, remaining_pence, opened_on, "
        "reason_code, reason) FROM STDIN",
        (
            (
                item.entry_id,
                item.amount_pence,
                item.amount_pence,
                item.opened_on,
                item.reason_code,
                item.reason[:300],
            )
            for item in items
        ),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Where part of an item goes. The amount is in pence and has the item's sign."""

    fund_code: str
    account_reference: str
    amount_pence: int


def allocate(
    item_id: int,
    targets: Sequence[Target],
    *,
    actor: Actor,
    at: datetime,
    narrative: str = "",
    idempotency_key: str | None = None,
) -> int:
    """Move part or all of an item to one or many accounts; returns the new entry's id.

    The item is debited exactly what the targets get, and what is left stays on it. The same key
    again returns the same entry. Raises SuspenseItemNotFound, AlreadyAllocated (also when two
    people work the same item), AllocationRefused, FundNotFound or PeriodClosed; OutOfScope or
    OverLimit when the actor may not move money into a fund, or not as much in one go. The facts
    `target` (a place in `targets`) and `field` (fund, account or amount) say what to put right.
    """
    actor.require("suspense.allocate")
    with transaction.atomic():
        item = SuspenseItem.objects.select_for_update().filter(pk=item_id).first()
        if item is None:
            raise SuspenseItemNotFound("There is no such suspense item.", item=item_id)
        draft = _draft(item, targets, narrative, idempotency_key)
        _check_own(actor, targets)
        posted = find_posted(draft)
        if posted is not None:
            return posted
        total = _check_amounts(item, targets)
        (entry_id,) = post([draft], actor=actor, at=at)
        item.remaining_pence -= total
        item.save(update_fields=["remaining_pence"])
        Allocation.objects.create(
            item=item,
            entry_id=entry_id,
            amount_pence=total,
            allocated_at=at,
            actor_name=actor.name[:100],
        )
        record(
            actor,
            "suspense.allocate",
            Subject("suspense", item_id),
            at=at,
            reason=narrative,
            entry=entry_id,
            amount_pence=total,
            remaining_pence=item.remaining_pence,
        )
    return entry_id


def _check_own(actor: Actor, targets: Sequence[Target]) -> None:
    """The limit is on the whole act, so that splitting an amount does not get round it."""
    total = sum(target.amount_pence for target in targets)
    for place, target in enumerate(targets):
        try:
            actor.require("suspense.allocate", fund=target.fund_code, amount_pence=total)
        except (OutOfScope, OverLimit) as error:
            field = "fund" if isinstance(error, OutOfScope) else "amount"
            error.facts.update(target=place, field=field)
            raise


def _check_amounts(item: SuspenseItem, targets: Sequence[Target]) -> int:
    if item.remaining_pence == 0:
        raise AlreadyAllocated(
            "This item is already cleared. Somebody may have allocated it while you had the page "
            "open. See its history."
        )
    sign = 1 if item.amount_pence > 0 else -1
    for place, target in enumerate(targets):
        if target.amount_pence * sign <= 0:
            raise AllocationRefused(
                f"{format_pounds(target.amount_pence)} cannot be allocated from an item of "
                f"{format_pounds(item.amount_pence)}. Enter an amount with the same sign.",
                target=place,
                field="amount",
            )
    total = sum(target.amount_pence for target in targets)
    if abs(total) > abs(item.remaining_pence):
        raise AlreadyAllocated(
            f"These amounts add up to {format_pounds(total)}, and "
            f"{format_pounds(item.remaining_pence)} remains on the item. Lower an amount.",
            target=len(targets) - 1,
            field="amount",
        )
    return total


def _draft(
    item: SuspenseItem, targets: Sequence[Target], narrative: str, key: str | None
) -> EntryDraft:
    if not 1 <= len(targets) <= MAX_TARGETS:
        raise AllocationRefused(f"Allocate to between 1 and {MAX_TARGETS} accounts.")
    references = reference_book()
    reference = references.book
    accounts = [
        references.normalise(target.fund_code, target.account_reference.strip())
        for target in targets
    ]
    known = references.look_up(
        (target.fund_code, account) for target, account in zip(targets, accounts, strict=True)
    )
    receipt = get_entry(item.entry_id)
    total = sum(target.amount_pence for target in targets)
    suspense = reference.suspense_fund()
    out = _line(reference, suspense, str(item.pk), -total, receipt.received_on)
    ins = [
        _line(
            reference,
            _target_fund(references, target.fund_code, account, known, place=place),
            account,
            target.amount_pence,
            receipt.received_on,
        )
        for place, (target, account) in enumerate(zip(targets, accounts, strict=True))
    ]
    return EntryDraft(
        Kind.ALLOCATION, receipt.received_on, (out, *ins), narrative[:500], key, item.entry_id
    )


def _target_fund(
    references: ReferenceBook, fund_code: str, account: str, known: Accounts, *, place: int
) -> FundFacts:
    """The fund of a target whose account may take money. The account is as its fund keeps it."""
    fund = references.book.fund(fund_code)
    if fund.is_suspense:
        raise AllocationRefused(
            "Money in suspense cannot be allocated to suspense again.", target=place, field="fund"
        )
    if not fund.is_active:
        raise AllocationRefused(
            f"{fund.name} is not in use. Choose another fund.", target=place, field="fund"
        )
    words = f"“{account[:40]}” does not look like the {fund.account_label.lower()} of {fund.name}."
    if 1 <= len(account) <= MAX_ACCOUNT:
        refusal = references.refusal(fund_code, account, known)
        if refusal is None:
            return fund
        words = refusal.words
    raise AllocationRefused(f"{words} Check it against the bill.", target=place, field="account")


def _line(reference: Book, fund: FundFacts, account: str, amount_pence: int, on: date) -> LineDraft:
    basis_points, vat_pence = reference.vat_on(fund, amount_pence, on)
    return LineDraft(
        fund_id=fund.id,
        method_id=reference.method_for("journal").id,
        account_reference=account,
        amount_pence=amount_pence,
        vat_code_id=fund.vat_code_id,
        vat_basis_points=basis_points,
        vat_pence=vat_pence,
        effective_on=on,
    )
