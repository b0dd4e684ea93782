"""The only writer of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from ims.ledger import reversals
from ims.ledger.entries import EntryDraft, Kind, LineDraft, check
from ims.ledger.errors import (
    AlreadyReversed,
    EntryNotFound,
    PeriodClosed,
    SameKeyOtherContent,
    WrongCouncil,
)
from ims.ledger.models import Entry, Line, Marker
from ims.ledger.periods import PeriodFinder
from ims.ledger.reversals import Reversal
from ims_kernel import locks
from ims_kernel.audit.services import Subject, record
from ims_kernel.copying import DayTexts, copy_rows
from ims_kernel.identity.permissions import Actor
from ims_tenants import current

_ENTRY = (
    "COPY ledger_entry (id, kind, received_on, posted_at, line_count, total_pence, actor_name, "
    "narrative, idempotency_key, corrects_id) FROM STDIN"
)
_LINE = (
    "COPY ledger_line (entry_id, position, fund_id, method_id, vat_code_id, period_id, "
    "account_reference, amount_pence, vat_basis_points, vat_pence, received_on, effective_on, "
    "posted_at) FROM STDIN"
)
# What the trigger on lines (migration 0002) names when a period is closed.
_PERIOD_OPEN = "line_period_open"


def post(
    drafts: Sequence[EntryDraft], *, actor: Actor, at: datetime, periods: PeriodFinder | None = None
) -> list[int]:
    """Post entries, all or none, and return their ids in order.

    Must run inside the caller's transaction, which also holds what belongs to the entries. Raises
    EntryUnbalanced, PeriodClosed, or WrongCouncil when the schema is not the council's own.
    """
    if not drafts:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError("ledger.post runs inside the transaction of what it belongs to.")
    totals = [check(draft) for draft in drafts]
    _assert_own_schema()
    finder = periods or PeriodFinder()
    ids = _next_ids(len(drafts))
    name = actor.name[:100]
    copy_rows(_ENTRY, _entry_rows(ids, drafts, totals, name, at))
    _copy_lines(_line_rows(ids, drafts, finder, at))
    return ids


def _assert_own_schema() -> None:
    council = current.council()
    if not Marker.objects.filter(pk=1, council_uuid=council.uuid).exists():
        raise WrongCouncil(
            f"The schema {council.schema_name} is not marked as the schema of {council.name}. "
            "Nothing was posted. Tell the platform team."
        )


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        # Taken before the ids, so that sealing can see who holds ids that are not in the table yet.
        cursor.execute("LOCK TABLE ledger_entry IN ROW EXCLUSIVE MODE")
        # The sequence is looked up once: for each id it would cost more than the id.
        cursor.execute(
            "WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence('ledger_entry', 'id')::regclass"
            " AS ids) SELECT nextval(s.ids) FROM s, generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy_lines(rows: Iterator[tuple[Any, ...]]) -> None:
    try:
        copy_rows(_LINE, rows)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == _PERIOD_OPEN:
            raise PeriodClosed(
                "The accounting period was closed at this very moment. Nothing was posted. "
                "Try again."
            ) from None
        raise


def _entry_rows(
    ids: list[int], drafts: Sequence[EntryDraft], totals: list[int], name: str, at: datetime
) -> Iterator[tuple[Any, ...]]:
    days, posted_at = DayTexts(), at.isoformat()
    for id_, draft, total in zip(ids, drafts, totals, strict=True):
        yield (
            id_,
            draft.kind.value,
            days[draft.received_on],
            posted_at,
            len(draft.lines),
            total,
            name,
            draft.narrative,
            draft.idempotency_key,
            draft.corrects_id,
        )


def _line_rows(
    ids: list[int], drafts: Sequence[EntryDraft], finder: PeriodFinder, at: datetime
) -> Iterator[tuple[Any, ...]]:
    days, posted_at = DayTexts(), at.isoformat()
    for id_, draft in zip(ids, drafts, strict=True):
        for position, line in enumerate(draft.lines, start=1):
            yield (
                id_,
                position,
                line.fund_id,
                line.method_id,
                line.vat_code_id,
                finder.period_id(line.effective_on),
                line.account_reference,
                line.amount_pence,
                line.vat_basis_points,
                line.vat_pence,
                days[draft.received_on],
                days[line.effective_on],
                posted_at,
            )


def find_posted(draft: EntryDraft, *, or_fund_ids: frozenset[int] = frozenset()) -> int | None:
    """The id of the entry already posted with the draft's key, or None.

    A posted line in one of `or_fund_ids` counts as the same whatever fund the draft names. Raises
    SameKeyOtherContent when the key was used for something else.
    """
    if draft.idempotency_key is None:
        return None
    entry = Entry.objects.filter(idempotency_key=draft.idempotency_key).first()
    if entry is None:
        return None
    lines = list(Line.objects.filter(entry=entry).order_by("position"))
    same = len(lines) == len(draft.lines) and all(
        line.fund_id in or_fund_ids | {wanted.fund_id}
        and line.account_reference == wanted.account_reference
        and line.amount_pence == wanted.amount_pence
        for line, wanted in zip(lines, draft.lines, strict=True)
    )
    if entry.kind != draft.kind.value or not same:
        raise SameKeyOtherContent(
            f"The key {draft.idempotency_key} was used before for something else. Use a new key.",
            key=draft.idempotency_key,
        )
    return int(entry.pk)


def reverse(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Post the exact opposite of an entry, pointing at it; returns the new entry's id.

    Those who keep books beside the ledger (ims.ledger.reversals) follow in the same transaction
    and may refuse. Raises EntryNotFound, or AlreadyReversed also when two people reverse at once;
    OutOfScope or OverLimit when a fund of the entry, or its amount, is not the actor's to reverse.
    """
    actor.require("ledger.reverse")
    with transaction.atomic():
        entry = Entry.objects.filter(pk=entry_id).first()
        if entry is None:
            raise EntryNotFound("There is no such entry.", entry=entry_id)
        found = list(entry.lines.select_related("fund").order_by("position"))
        _check_own(actor, found)
        # Entries are never updated, so the lock is one on the number itself.
        locks.hold(f"reverse:{entry_id}")
        if Entry.objects.filter(corrects=entry, kind=Kind.REVERSAL.value).exists():
            raise AlreadyReversed("This entry was reversed before. See its history.")
        lines = tuple(_opposite(line) for line in found)
        draft = EntryDraft(Kind.REVERSAL, entry.received_on, lines, reason[:500], None, entry_id)
        (new_id,) = post([draft], actor=actor, at=at)
        reversals.follow(Reversal(entry_id, new_id, actor, at))
        record(actor, "ledger.reverse", Subject("entry", entry_id), at=at, reason=reason)
    return new_id


def _check_own(actor: Actor, lines: Sequence[Line]) -> None:
    # What an entry moves: a receipt's total, and one side of what moves from fund to fund.
    amount = max(
        sum(line.amount_pence for line in lines if line.amount_pence > 0),
        -sum(line.amount_pence for line in lines if line.amount_pence < 0),
    )
    for line in lines:
        actor.require("ledger.reverse", fund=line.fund.code, amount_pence=amount)


def _opposite(line: Line) -> LineDraft:
    return LineDraft(
        fund_id=line.fund_id,
        method_id=line.method_id,
        account_reference=line.account_reference,
        amount_pence=-line.amount_pence,
        vat_code_id=line.vat_code_id,
        vat_basis_points=line.vat_basis_points,
        vat_pence=-line.vat_pence,
        effective_on=line.effective_on,
    )
