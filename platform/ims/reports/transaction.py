"""Everything known about one transaction: where it came from, where it went, who touched it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from ims.exports import selectors as exports
from ims.imports import selectors as imports
from ims.imports.rules import Rule
from ims.ledger import selectors as ledger
from ims.receipts import selectors as receipts
from ims.reports.errors import TransactionNotFound
from ims.suspense import selectors as suspense
from ims_kernel.audit.selectors import history_of
from ims_kernel.references import ReferenceUnreadable, decode


@dataclass(frozen=True, slots=True)
class Origin:
    """The file and row a receipt came from, and the rule that placed it."""

    file: Any
    row: Any | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Related:
    """Another entry that corrects this one or is corrected by it, with its lines in order."""

    entry: Any
    lines: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Transaction:
    """One entry and all that belongs to it. Lines carry fund, method, vat_code and period.

    `hidden_lines` are those in funds the person may not see, which are not among `lines`.
    """

    entry: Any
    lines: Sequence[Any]
    receipt: Any | None
    origin: Origin | None
    suspense_item: Any | None
    allocated_entry_ids: frozenset[int]
    corrects: Related | None
    corrections: Sequence[Related]
    block: Any | None
    export_run: Any | None
    history: Sequence[Any]
    hidden_lines: int


def get_transaction(number: str, *, within_funds: frozenset[int] | None = None) -> Transaction:
    """The transaction with this receipt number, however it is spaced or cased.

    Raises TransactionNotFound, saying whether the number is mistyped or not this council's. The
    number of queries does not depend on how many lines, allocations or corrections there are.
    `within_funds` are the ids of the funds the person may see: a transaction with no line in them
    is not found, and of the others only the lines in them are told.
    """
    try:
        entry_id = decode(number)
    except ReferenceUnreadable as error:
        raise TransactionNotFound(error.message) from error
    found = _related(Q(entry_id=entry_id), within_funds)
    if not found:
        also = "" if within_funds is None else ", or be in a fund you may not see"
        raise TransactionNotFound(
            "The number is well formed, but this council has no transaction with it. It may belong "
            f"to another council{also}."
        )
    (mine,) = found
    corrected = (
        _related(Q(entry_id=mine.entry.corrects_id), within_funds) if mine.entry.corrects_id else []
    )
    receipt = receipts.find_receipt(entry_id)
    item = suspense.find_by_entry(entry_id)
    allocations = suspense.list_allocations(item.pk) if item else []
    return Transaction(
        entry=mine.entry,
        lines=mine.lines,
        receipt=receipt,
        origin=_origin(receipt),
        suspense_item=item,
        allocated_entry_ids=frozenset(allocation.entry_id for allocation in allocations),
        corrects=corrected[0] if corrected else None,
        corrections=_related(Q(entry__corrects_id=entry_id), within_funds),
        block=ledger.find_block(entry_id),
        export_run=exports.run_of_line(mine.lines[0].pk),
        history=_history(entry_id, item),
        hidden_lines=mine.entry.line_count - len(mine.lines),
    )


def _related(which: Q, within_funds: frozenset[int] | None) -> list[Related]:
    """Entries with their lines, in order. One query, and one index: an OR here would use none."""
    if within_funds is not None:
        which &= Q(fund_id__in=within_funds)
    lines = (
        ledger.lines()
        .filter(which)
        .select_related("entry", "fund", "method", "vat_code", "period")
        .order_by("entry_id", "position")
    )
    return [
        Related(group[0].entry, group)
        for group in (list(found) for _, found in groupby(lines, key=lambda line: line.entry_id))
    ]


def _origin(receipt: Any | None) -> Origin | None:
    if receipt is None or receipt.import_file_id is None:
        return None
    file = imports.get_import(receipt.import_file_id)
    row = imports.find_row(receipt.import_file_id, receipt.line_number)
    rule = imports.rules_by_id().get(receipt.rule_id) if receipt.rule_id else None
    return Origin(file, row, rule)


def _history(entry_id: int, item: Any | None) -> list[Any]:
    events = history_of("entry", entry_id)
    if item is not None:
        events += history_of("suspense", item.pk)
    return sorted(events, key=lambda event: event.at, reverse=True)
