"""Posting a file in chunks that may be killed at any instant.

Each chunk is one transaction that takes its receipts and moves `done_through`, under a lock on
the file, so it happened wholly or not at all, and two workers never take the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ims.accounts.reference_book import ReferenceBook, reference_book
from ims.imports import states
from ims.imports.errors import ImportDoesNotAddUp
from ims.imports.models import ImportFile, ImportRow
from ims.ledger.errors import PeriodClosed
from ims.ledger.tasks import seal_ledger
from ims.receipts.allocation import Park
from ims.receipts.services import ReceiptDraft, Source, take_batch
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor, system
from ims_kernel.money import format_pounds

CHUNK_ROWS = 10_000
_MOST_LOST_RACES = 3
_FIELDS = (
    "row_number", "outcome", "fund_code", "account_reference", "rule_id", "reason_code", "reason",
    "amount_pence", "received_on", "effective_on", "payer", "reference", "narrative",
    "bank_reference",
)  # fmt: skip


def post_file(
    import_id: int, *, clock: Callable[[], datetime], chunk_rows: int = CHUNK_ROWS
) -> ImportFile:
    """Post what is left of a file that is `posting`. Safe to call again after any interruption.

    Raises ImportDoesNotAddUp when posted, parked and rejected are not the file's totals.
    """
    reference = reference_book()
    more, lost_races = True, 0
    while more:
        try:
            more = _post_chunk(import_id, reference, at=clock(), size=chunk_rows)
        except PeriodClosed:
            # Somebody closed the period while the chunk was on its way: the next one takes it.
            lost_races += 1
            if lost_races > _MOST_LOST_RACES:
                raise
    return _finish(import_id, at=clock())


def _post_chunk(import_id: int, reference: ReferenceBook, *, at: datetime, size: int) -> bool:
    with transaction.atomic():
        found = (
            ImportFile.objects.select_for_update(of=("self",))
            .select_related("profile")
            .get(pk=import_id)
        )
        if found.state != states.POSTING:
            return False
        rows = list(
            ImportRow.objects.filter(import_file_id=import_id, row_number__gt=found.done_through)
            .order_by("row_number")
            .values_list(*_FIELDS)[:size]
        )
        if not rows:
            return False
        method = found.profile.method_code
        drafts = [
            _draft(import_id, method, row) for row in rows if row[1] != ImportRow.Outcome.REJECT
        ]
        taken = take_batch(drafts, actor=_actor(found), at=at, reference=reference)
        found.posted_count += taken.posted_count
        found.posted_pence += taken.posted_pence
        found.parked_count += taken.parked_count
        found.parked_pence += taken.parked_pence
        found.done_through = rows[-1][0]
        found.save(
            update_fields=[
                "posted_count", "posted_pence", "parked_count", "parked_pence", "done_through",
            ]
        )  # fmt: skip
    return True


def _actor(found: ImportFile) -> Actor:
    return system(found.posting_by or "Import")


def _draft(import_id: int, method_code: str, row: Sequence[Any]) -> ReceiptDraft:
    (number, outcome, fund, account, rule_id, reason_code, reason, amount, received_on,
     effective_on, payer, reference, narrative, bank_reference) = row  # fmt: skip
    parked = outcome == ImportRow.Outcome.PARK
    return ReceiptDraft(
        method_code, fund, account, amount, received_on, effective_on, payer, reference, narrative,
        bank_reference, Park(reason_code, reason) if parked else None,
        Source(import_id, number, rule_id),
    )  # fmt: skip


def _finish(import_id: int, *, at: datetime) -> ImportFile:
    with transaction.atomic():
        found = ImportFile.objects.select_for_update().get(pk=import_id)
        if found.state != states.POSTING:
            return found
        _refuse_difference(found)
        found.state = states.after(found.state, "finish")
        found.posted_at = at
        found.save(update_fields=["state", "posted_at"])
        record(
            system("Import", on_behalf_of=_actor(found)), "imports.finish",
            Subject("import", import_id), at=at, posted=found.posted_count,
            parked=found.parked_count, rejected=found.rejected_count,
        )  # fmt: skip
        seal_ledger.enqueue(lock="seal")
    return found


def _refuse_difference(found: ImportFile) -> None:
    count = found.posted_count + found.parked_count + found.rejected_count
    pence = found.posted_pence + found.parked_pence + found.rejected_pence
    if count != found.row_count or pence != found.total_pence:
        raise ImportDoesNotAddUp(
            f"Import {found.pk} has {found.row_count} rows and {format_pounds(found.total_pence)}; "
            f"posted, parked and rejected are {count} rows and {format_pounds(pence)}."
        )
