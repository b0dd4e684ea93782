"""Suspense as a person works it: items with their payers, and one item with all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from ims.funds.selectors import list_funds
from ims.imports import selectors as imports
from ims.imports.rules import Rule, in_words
from ims.ledger import selectors as ledger
from ims.receipts import selectors as receipts
from ims.suspense import selectors

if TYPE_CHECKING:
    from ims.imports.models import ImportFile, ImportRow
    from ims.ledger.models import Entry
    from ims.receipts.models import Receipt
    from ims.suspense.models import Allocation, SuspenseItem

# The reasons of ims.receipts.allocation and ims.imports.deciding, short enough for a list.
REASONS = MappingProxyType(
    {
        "no_rule": "No rule recognises the line",
        "account_not_found": "No single account number found",
        "account_missing": "No account number",
        "account_not_valid": "Account number not valid",
        "account_unknown": "No such account",
        "account_closed": "Account closed",
        "fund_unknown": "Fund does not exist",
        "fund_closed": "Fund not in use",
        "sent_to_suspense": "A rule sends it here",
    }
)


# For money that went to a fund the person may not see.
_ANOTHER_FUND, _NOT_SHOWN = "another fund", "not shown"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for among open items. Amounts are pence without sign; empty means any."""

    reason_code: str = ""
    age_band: int | None = None
    amount_pence: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many items wait, and the pence that remain on them."""

    count: int
    pence: int


@dataclass(frozen=True, slots=True)
class Moved:
    """An allocation, and where the money went: (fund name, account, pence) of each account."""

    allocation: Allocation
    note: str
    parts: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one item. What the item did not come from is None."""

    item: SuspenseItem
    entry: Entry
    receipt: Receipt | None
    row: ImportRow | None
    file: ImportFile | None
    rule: Rule | None
    rule_words: str
    moved: list[Moved]


def find(wanted: Wanted, today: date) -> QuerySet[SuspenseItem]:
    """Open items that fit, oldest first."""
    found = selectors.open_items()
    if wanted.reason_code:
        found = found.filter(reason_code=wanted.reason_code)
    if wanted.age_band is not None:
        found = selectors.in_age_band(found, wanted.age_band, today)
    if wanted.amount_pence is not None:
        both = (wanted.amount_pence, -wanted.amount_pence)
        found = found.filter(Q(amount_pence__in=both) | Q(remaining_pence__in=both))
    if wanted.text:
        found = found.filter(Exists(_receipts_with(wanted.text)))
    return found


def _receipts_with(text: str) -> QuerySet[Receipt]:
    return receipts.receipts().filter(
        Q(payer__icontains=text) | Q(reference__icontains=text) | Q(narrative__icontains=text),
        entry_id=OuterRef("entry_id"),
    )


def total(found: QuerySet[SuspenseItem]) -> Waiting:
    """How many of these items there are and what remains on them, in one query."""
    sums = found.order_by().aggregate(count=Count("pk"), pence=Sum("remaining_pence"))
    return Waiting(sums["count"], sums["pence"] or 0)


def with_receipts(items: Sequence[SuspenseItem]) -> list[tuple[SuspenseItem, Receipt | None]]:
    """Each item with its payer's side, in one query for all of them."""
    known = receipts.receipts_by_entry([item.entry_id for item in items])
    return [(item, known.get(item.entry_id)) for item in items]


def next_open(item: SuspenseItem) -> SuspenseItem | None:
    """The open item that waits next after this one, or the oldest when this is the newest."""
    later = selectors.open_items().exclude(pk=item.pk)
    after = later.filter(
        Q(opened_on__gt=item.opened_on) | Q(opened_on=item.opened_on, pk__gt=item.pk)
    )
    return after.first() or later.first()


def story(item_id: int, *, within_funds: frozenset[int] | None = None) -> Story:
    """All that is known of an item, in at most ten queries. Raises SuspenseItemNotFound.

    Where money went to a fund that is not among `within_funds`, neither fund nor account is told.
    """
    item = selectors.get_item(item_id)
    receipt = receipts.find_receipt(item.entry_id)
    row, file = _source(receipt)
    rule = imports.rules_by_id().get(receipt.rule_id) if receipt and receipt.rule_id else None
    return Story(
        item=item,
        entry=ledger.get_entry(item.entry_id),
        receipt=receipt,
        row=row,
        file=file,
        rule=rule,
        rule_words=in_words(rule.conditions) if rule else "",
        moved=_moved(item, within_funds),
    )


def _source(receipt: Receipt | None) -> tuple[ImportRow | None, ImportFile | None]:
    if receipt is None or receipt.import_file_id is None or receipt.line_number is None:
        return None, None
    row = imports.find_row(receipt.import_file_id, receipt.line_number)
    return row, imports.get_import(receipt.import_file_id)


def _moved(item: SuspenseItem, within_funds: frozenset[int] | None) -> list[Moved]:
    allocations = selectors.list_allocations(item.pk)
    if not allocations:
        return []
    names = {
        fund.pk: fund.name
        for fund in list_funds()
        if within_funds is None or fund.pk in within_funds
    }
    entries = ledger.entries_by_id([each.entry_id for each in allocations])
    return [_one_moved(each, entries[each.entry_id], names) for each in reversed(allocations)]


def _one_moved(allocation: Allocation, entry: Entry, names: dict[int, str]) -> Moved:
    # The first line takes the money out of suspense; the others say where it went.
    lines = sorted(entry.lines.all(), key=lambda line: line.position)[1:]
    parts = [
        (names[line.fund_id], line.account_reference, line.amount_pence)
        if line.fund_id in names
        else (_ANOTHER_FUND, _NOT_SHOWN, line.amount_pence)
        for line in lines
    ]
    return Moved(allocation, entry.narrative, parts)
