"""Proves the ledger: every entry balances, the chain is whole, and names the first bad row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection

from ims.ledger import sealing
from ims_kernel.references import encode
from ims_kernel.sealing.proof import Proof as Proof
from ims_kernel.sealing.proof import prove as prove_chain

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


def row_name(entry_id: int) -> str:
    """What an entry is called in an answer."""
    return f"entry {encode(entry_id)} (id {entry_id})"


def _chain() -> Proof:
    return prove_chain(sealing.CHAIN, "The chain of sealed blocks is whole", name=row_name)


_CHECKS: tuple[Callable[[], Proof], ...] = (_balance, _no_stray_line, _chain)
