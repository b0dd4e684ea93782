"""Proves the ledger: every entry balances, the chain is whole, and names the first bad row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from ims.ledger.models import Block
from ims.ledger.sealing import FIRST_HASH, Digested, block_hash, digest_entries
from ims_kernel.references import encode

_SHORT = 8

_UNBALANCED = """
SELECT e.id, e.kind, e.line_count, e.total_pence, count(l.id), coalesce(sum(l.amount_pence), 0)
FROM ledger_entry e LEFT JOIN ledger_line l ON l.entry_id = e.id
GROUP BY e.id
HAVING count(l.id) <> e.line_count OR coalesce(sum(l.amount_pence), 0) <> e.total_pence
    OR (e.kind NOT IN ('receipt', 'refund', 'reversal') AND e.total_pence <> 0)
ORDER BY e.id LIMIT 1
"""
_STRAY = """
SELECT l.id, l.entry_id FROM ledger_line l
WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = l.entry_id) ORDER BY l.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing checked. `problem` is empty when it holds, else names the first bad row."""

    what: str
    checked: int
    problem: str = ""


def prove() -> Iterator[Proof]:
    """Every proof of the ledger of the council at hand."""
    for check in _CHECKS:
        yield check()


def _balance() -> Proof:
    with connection.cursor() as cursor:
        cursor.execute(_UNBALANCED)
        bad = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM ledger_entry")
        (count,) = cursor.fetchone()
    if bad:
        entry, kind, lines, total, found_lines, found_total = bad
        problem = (
            f"Entry {encode(entry)} (id {entry}, {kind}) says {lines} lines and {total} pence; its "
            f"lines are {found_lines} and {found_total} pence."
        )
        return Proof("Every entry balances", count, problem)
    return Proof("Every entry balances", count)


def _no_stray_line() -> Proof:
    with connection.cursor() as cursor:
        cursor.execute(_STRAY)
        bad = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM ledger_line")
        (count,) = cursor.fetchone()
    problem = f"Line {bad[0]} belongs to entry {bad[1]}, which is not there." if bad else ""
    return Proof("Every line has its entry", count, problem)


def _chain() -> Proof:
    previous_hash, after_id, checked = FIRST_HASH, 0, 0
    for number, block in enumerate(Block.objects.order_by("number").iterator(chunk_size=20), 1):
        found = digest_entries(after_id, block.last_entry_id, len(block.entry_ids) + 1)
        checked += len(found.ids)
        problem = _problem_in(block, found, number, previous_hash)
        if problem:
            return Proof("The chain of sealed blocks is whole", checked, problem)
        previous_hash, after_id = bytes(block.hash), block.last_entry_id
    return Proof("The chain of sealed blocks is whole", checked)


def _problem_in(block: Block, found: Digested, number: int, previous_hash: bytes) -> str:
    if block.number != number:
        return f"Block {number} is missing."
    if bytes(block.previous_hash) != previous_hash:
        return f"Block {number} does not follow block {number - 1}."
    if found.ids == block.entry_ids and block_hash(previous_hash, number, found) == bytes(
        block.hash
    ):
        return ""
    entry = _first_difference(block, found)
    return f"Block {number} was altered. The first bad row is {entry}."


def _first_difference(block: Block, found: Digested) -> str:
    sealed = bytes(block.digests)
    now = dict(zip(found.ids, found.digests, strict=True))
    for position, entry_id in enumerate(block.entry_ids):
        name = f"entry {encode(entry_id)} (id {entry_id})"
        if entry_id not in now:
            return f"{name}, which is gone"
        if now[entry_id][:_SHORT] != sealed[position * _SHORT : (position + 1) * _SHORT]:
            return f"{name}, which is not as it was sealed"
    added = sorted(set(now) - set(block.entry_ids))
    return (
        f"entry {encode(added[0])} (id {added[0]}), which was added"
        if added
        else "the block itself"
    )


_CHECKS: tuple[Callable[[], Proof], ...] = (_balance, _no_stray_line, _chain)
