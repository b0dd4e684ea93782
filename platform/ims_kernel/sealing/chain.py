"""Seals rows in hash-chained blocks, a moment after they were written.

Writing never waits for the chain. Ids are handed out before their transactions end, so sealing
first reads the highest id handed out, waits until every transaction then writing to the council's
rows has ended, and only then seals up to it: nothing can appear later with a lower id.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from ims_kernel import locks
from ims_kernel.sealing import anchors
from ims_kernel.sealing.anchors import Head
from ims_kernel.sealing.blocks import SealedBlock

log = structlog.get_logger(__name__)

FIRST_HASH = bytes(32)
NO_BLOCK = Head(0, FIRST_HASH)
SHORT = 8
_PATIENCE_SECONDS = 5.0

_HIGHEST = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')), 0)"
# Other transactions writing to this council's rows. A lock is taken before the first id is handed
# out (INSERT does it by itself) and let go after the commit is seen. The ids of transactions would
# not do: nextval mostly gives an id to one that has no number yet.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = %s::regclass AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What is sealed, and where its blocks are.

    `digests` is SQL that takes two ids and a limit and answers, in order of id, the id, SHA-256 and
    size of each row of `table` above the first id and up to the second. `size_field` is the field
    of a block that keeps the sum of those sizes, if there is one. `lock` is held while sealing.
    """

    name: str
    table: str
    digests: str
    blocks: type[SealedBlock]
    lock: str
    size_field: str = ""
    block_rows: int = 2_000


@dataclass(frozen=True, slots=True)
class Digested:
    """Rows in order of id with their full digests."""

    ids: list[int]
    digests: list[bytes]
    size: int

    def short(self) -> bytes:
        """The first bytes of each digest, joined."""
        return b"".join(digest[:SHORT] for digest in self.digests)


def digest_rows(
    chain: Chain, after_id: int, up_to_id: int, *, limit: int | None = None
) -> Digested:
    """The digests of the rows with ids above one and up to the other; at most a block of them."""
    with connection.cursor() as cursor:
        cursor.execute(chain.digests, [after_id, up_to_id, limit or chain.block_rows])
        rows = cursor.fetchall()
    return Digested(
        [row[0] for row in rows], [bytes(row[1]) for row in rows], sum(row[2] for row in rows)
    )


def block_hash(previous: bytes, number: int, digested: Digested) -> bytes:
    """The hash of a block: of the one before, its number, and every row's id and digest."""
    head = f"{number}:{','.join(map(str, digested.ids))}:".encode()
    return hashlib.sha256(previous + head + b"".join(digested.digests)).digest()


def newest(chain: Chain) -> SealedBlock | None:
    """The newest block, without its digests, or None when nothing was sealed yet."""
    manager = chain.blocks._default_manager  # noqa: SLF001 - of whichever model the chain has
    return manager.defer("entry_ids", "digests").order_by("-number").first()


def block_of(chain: Chain, row_id: int) -> SealedBlock | None:
    """The block that holds a row, without its digests, or None when none does yet."""
    manager = chain.blocks._default_manager  # noqa: SLF001 - of whichever model the chain has
    return (
        manager.filter(last_entry_id__gte=row_id)
        .defer("entry_ids", "digests")
        .order_by("number")
        .first()
    )


def has_unsealed(chain: Chain) -> bool:
    """Whether rows were written since the last block was sealed."""
    last = newest(chain)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {chain.table} WHERE id > %s)",  # noqa: S608 - our own name
            [last.last_entry_id if last else 0],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def seal(chain: Chain, *, at: datetime, patience: float = _PATIENCE_SECONDS) -> int:
    """Seal every row written so far in the council at hand; returns how many were sealed.

    Leaves the rest for the next time when a transaction stays open longer than `patience` seconds.
    Must not be called inside a transaction.
    """
    safe_id = _settled_id(chain, patience)
    sealed = 0
    while safe_id is not None:
        count = _seal_one_block(chain, safe_id, at)
        sealed += count
        if count < chain.block_rows:
            break
    return sealed


def _settled_id(chain: Chain, patience: float) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_HIGHEST, [chain.table])
        (highest,) = cursor.fetchone()
        # Asked after the highest id: whoever was handed one up to it holds the lock, or has ended.
        writers = _writers(cursor, chain)
        deadline = time.monotonic() + patience
        while writers:
            if time.monotonic() > deadline:
                return None
            time.sleep(0.05)
            writers &= _writers(cursor, chain)
    return int(highest)


def _writers(cursor: Any, chain: Chain) -> set[str]:
    cursor.execute(_WRITERS, [chain.table])
    return {row[0] for row in cursor.fetchall()}


def _seal_one_block(chain: Chain, safe_id: int, at: datetime) -> int:
    with transaction.atomic():
        locks.hold(chain.lock)
        last = newest(chain)
        digested = digest_rows(chain, last.last_entry_id if last else 0, safe_id)
        if not digested.ids:
            return 0
        previous = Head(last.number, bytes(last.hash)) if last else NO_BLOCK
        number = previous.number + 1
        new = Head(number, block_hash(previous.hash, number, digested))
        sizes = {chain.size_field: digested.size} if chain.size_field else {}
        chain.blocks._default_manager.create(  # noqa: SLF001 - of whichever model the chain has
            number=number,
            last_entry_id=digested.ids[-1],
            entry_ids=digested.ids,
            digests=digested.short(),
            previous_hash=previous.hash,
            hash=new.hash,
            sealed_at=at,
            **sizes,
        )
        anchors.store().follow(chain.name, previous, new, at=at)
    # Also in the log, which whoever alters the database does not reach.
    log.info("block_sealed", chain=chain.name, block=number, block_hash=new.hash.hex())
    return len(digested.ids)
