"""Proves ledger files: each file's figures are those of the lines it holds, and it is unchanged."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ims.exports.models import ExportRun
from ims.exports.proving import open_unchanged
from ims.exports.states import RELEASED, State
from ims.ledger.verify import Proof
from ims_kernel.errors import ImsError

_FIGURES = """
SELECT r.id, r.line_count, r.net_pence, coalesce(g.number, 0), coalesce(g.pence, 0)
FROM exports_exportrun r
LEFT JOIN (SELECT x.run_id, count(*) AS number, sum(l.amount_pence) AS pence
           FROM exports_exportedline x JOIN ledger_line l ON l.id = x.line_id GROUP BY 1) g
  ON g.run_id = r.id
WHERE r.state <> ALL (%s)
  AND (r.line_count <> coalesce(g.number, 0) OR r.net_pence <> coalesce(g.pence, 0))
ORDER BY r.id LIMIT 1
"""


def prove() -> Iterator[Proof]:
    """Every proof of ledger files of the council at hand."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [[state.value for state in RELEASED]])
        bad = cursor.fetchone()
    problem = (
        f"Ledger file {bad[0]} says {bad[1]} lines and {bad[2]} pence; the lines it holds are "
        f"{bad[3]} and {bad[4]} pence."
        if bad
        else ""
    )
    kept = ExportRun.objects.exclude(state__in=[*RELEASED, State.BUILDING]).order_by("pk")
    yield Proof("Every ledger file equals its lines", kept.count(), problem)
    yield Proof("Every ledger file is as it was made", kept.count(), _first_changed(list(kept)))


def _first_changed(runs: list[ExportRun]) -> str:
    for run in runs:
        try:
            open_unchanged(run).close()
        except ImsError as error:
            return error.message
    return ""
