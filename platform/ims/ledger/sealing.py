"""Seals entries in hash-chained blocks, a moment after they were posted.

Posting never waits for the chain. Ids are handed out before their transactions end, so sealing
first reads the highest id handed out, waits until every transaction then writing to the council's
ledger has ended, and only then seals up to it: nothing can appear later with a lower id.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ims.ledger.models import Block
from ims_kernel import locks

BLOCK_ENTRIES = 2_000
FIRST_HASH = bytes(32)
_PREFIX = 8
_PATIENCE_SECONDS = 5.0

# One digest for each entry over everything it and its lines say. JSON keeps fields apart.
DIGESTS = """
SELECT e.id, sha256(convert_to(jsonb_build_array(
         e.id, e.kind, e.received_on, extract(epoch from e.posted_at), e.line_count, e.total_pence,
         e.actor_name, e.narrative, e.idempotency_key, e.corrects_id,
         (SELECT jsonb_agg(jsonb_build_array(l.position, l.fund_id, l.method_id, l.vat_code_id,
                   l.period_id, l.account_reference, l.amount_pence, l.vat_basis_points,
                   l.vat_pence, l.received_on, l.effective_on, extract(epoch from l.posted_at))
                   ORDER BY l.position)
          FROM ledger_line l WHERE l.entry_id = e.id))::text, 'UTF8')), e.line_count
FROM ledger_entry e WHERE e.id > %s AND e.id <= %s ORDER BY e.id LIMIT %s
"""

_HIGHEST = (
    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('ledger_entry', 'id')), 0)"
)
# Other transactions writing to this council's entries. A lock is taken before the first id is
# handed out (ledger.services; INSERT does it by itself) and let go after the commit is seen. The
# ids of transactions would not do: nextval mostly gives an id to one that has no number yet.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'ledger_entry'::regclass AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Digested:
    """Entries in order of id with their full digests."""

    ids: list[int]
    digests: list[bytes]
    line_count: int

    def short(self) -> bytes:
        """The first bytes of each digest, joined."""
        return b"".join(digest[:_PREFIX] for digest in self.digests)


def digest_entries(after_id: int, up_to_id: int, limit: int = BLOCK_ENTRIES) -> Digested:
    """The digests of the entries with ids above one and up to the other."""
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, [after_id, up_to_id, limit])
        rows = cursor.fetchall()
    return Digested(
        [row[0] for row in rows], [bytes(row[1]) for row in rows], sum(row[2] for row in rows)
    )


def block_hash(previous: bytes, number: int, digested: Digested) -> bytes:
    """The hash of a block: of the one before, its number, and every entry's id and digest."""
    head = f"{number}:{','.join(map(str, digested.ids))}:".encode()
    return hashlib.sha256(previous + head + b"".join(digested.digests)).digest()


def seal(*, at: datetime, patience: float = _PATIENCE_SECONDS) -> int:
    """Seal every entry posted so far in the council at hand; returns how many were sealed.

    Leaves the rest for the next time when a transaction stays open longer than `patience` seconds.
    Must not be called inside a transaction.
    """
    safe_id = _settled_id(patience)
    sealed = 0
    while safe_id is not None:
        count = _seal_one_block(safe_id, at)
        sealed += count
        if count < BLOCK_ENTRIES:
            break
    return sealed


def _settled_id(patience: float) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_HIGHEST)
        (highest,) = cursor.fetchone()
        # Asked after the highest id: whoever was handed one up to it holds the lock, or has ended.
        writers = _writers(cursor)
        deadline = time.monotonic() + patience
        while writers:
            if time.monotonic() > deadline:
                return None
            time.sleep(0.05)
            writers &= _writers(cursor)
    return int(highest)


def _writers(cursor: Any) -> set[str]:
    cursor.execute(_WRITERS)
    return {row[0] for row in cursor.fetchall()}


def _seal_one_block(safe_id: int, at: datetime) -> int:
    with transaction.atomic():
        locks.hold("seal")
        last = Block.objects.order_by("-number").first()
        digested = digest_entries(last.last_entry_id if last else 0, safe_id)
        if not digested.ids:
            return 0
        number = last.number + 1 if last else 1
        previous = bytes(last.hash) if last else FIRST_HASH
        Block.objects.create(
            number=number,
            last_entry_id=digested.ids[-1],
            entry_ids=digested.ids,
            digests=digested.short(),
            line_count=digested.line_count,
            previous_hash=previous,
            hash=block_hash(previous, number, digested),
            sealed_at=at,
        )
    return len(digested.ids)
