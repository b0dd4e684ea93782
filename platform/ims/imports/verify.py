"""Proves the control totals: posted + parked + rejected = the file, and the ledger agrees."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ims.ledger.verify import Proof

_TOTALS = """
SELECT i.id, i.file_name, i.row_count, i.total_pence,
       i.posted_count + i.parked_count + i.rejected_count,
       i.posted_pence + i.parked_pence + i.rejected_pence
FROM imports_importfile i
WHERE i.state = 'posted'
  AND (i.row_count <> i.posted_count + i.parked_count + i.rejected_count
       OR i.total_pence <> i.posted_pence + i.parked_pence + i.rejected_pence
       OR i.declared_pence <> i.total_pence)
ORDER BY i.id LIMIT 1
"""
_LEDGER = """
SELECT i.id, i.file_name, i.posted_count + i.parked_count, i.posted_pence + i.parked_pence,
       coalesce(g.number, 0), coalesce(g.pence, 0)
FROM imports_importfile i
LEFT JOIN (SELECT r.import_file_id, count(*) AS number, sum(e.total_pence) AS pence
           FROM receipts_receipt r JOIN ledger_entry e ON e.id = r.entry_id
           WHERE r.import_file_id IS NOT NULL GROUP BY 1) g ON g.import_file_id = i.id
WHERE i.posted_count + i.parked_count <> coalesce(g.number, 0)
   OR i.posted_pence + i.parked_pence <> coalesce(g.pence, 0)
ORDER BY i.id LIMIT 1
"""


def prove() -> Iterator[Proof]:
    """Every proof of imports of the council at hand."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        bad = cursor.fetchone()
        cursor.execute(_LEDGER)
        off = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM imports_importfile WHERE state = 'posted'")
        (count,) = cursor.fetchone()
    problem = (
        f"Import {bad[0]} ({bad[1]}) has {bad[2]} rows and {bad[3]} pence; posted, parked and "
        f"rejected are {bad[4]} and {bad[5]}."
        if bad
        else ""
    )
    yield Proof("Posted + parked + rejected = each file", count, problem)
    problem = (
        f"Import {off[0]} ({off[1]}) says {off[2]} receipts and {off[3]} pence; the ledger has "
        f"{off[4]} and {off[5]}."
        if off
        else ""
    )
    yield Proof("Every import is in the ledger", count, problem)
