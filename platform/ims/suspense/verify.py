"""Proves suspense: what remains is parked less allocated, and stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ims.ledger.verify import Proof

_WRONG_REMAINDER = """
SELECT i.id, i.remaining_pence, i.amount_pence - coalesce(sum(a.amount_pence), 0)
FROM suspense_suspenseitem i LEFT JOIN suspense_allocation a ON a.item_id = i.id
GROUP BY i.id HAVING i.remaining_pence <> i.amount_pence - coalesce(sum(a.amount_pence), 0)
ORDER BY i.id LIMIT 1
"""
_TOTALS = """
SELECT (SELECT coalesce(sum(remaining_pence), 0) FROM suspense_suspenseitem),
       (SELECT coalesce(sum(l.amount_pence), 0)
        FROM ledger_line l JOIN funds_fund f ON f.id = l.fund_id WHERE f.purpose = 'suspense'),
       (SELECT count(*) FROM suspense_suspenseitem)
"""


def prove() -> Iterator[Proof]:
    """Every proof of suspense of the council at hand."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_REMAINDER)
        bad = cursor.fetchone()
        cursor.execute(_TOTALS)
        remaining, balance, count = cursor.fetchone()
    problem = f"Item {bad[0]} says {bad[1]} pence remain; it should be {bad[2]}." if bad else ""
    yield Proof("Every suspense item says what remains", count, problem)
    problem = (
        f"Items remain at {remaining} pence and the suspense fund holds {balance} pence."
        if remaining != balance
        else ""
    )
    yield Proof("Open suspense equals the suspense fund", count, problem)
