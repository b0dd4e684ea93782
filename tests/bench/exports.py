"""How fast a ledger file is written."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from ims.exports import lines, proving, selectors
from ims.exports.layout import Layout
from ims.exports.layout_reading import read_layout
from ims.exports.models import ExportRun
from ims.exports.rows import RunFacts
from ims.exports.writers.writing import LedgerFile
from ims.ledger.periods import PeriodFinder
from ims_kernel import clock, files
from ims_tenants.current import enter
from tests.councils import fresh_council

_DAY = date(2026, 8, 3)
_ROUNDS = 3

_ENTRIES = """
INSERT INTO ledger_entry (id, kind, received_on, posted_at, line_count, total_pence, actor_name,
                          narrative)
SELECT g, 'receipt', %(day)s::date + (g / 2740)::int %% 28, now(), 1, 100 + g %% 50000, 'Bench', ''
FROM generate_series(1, %(size)s) g
"""
_LINES = """
INSERT INTO ledger_line (entry_id, position, fund_id, method_id, vat_code_id, period_id,
                         account_reference, amount_pence, vat_basis_points, vat_pence,
                         received_on, effective_on, posted_at)
SELECT e.id, 1, f.ids[1 + e.id %% cardinality(f.ids)], m.ids[1 + e.id %% cardinality(m.ids)], v.id,
       %(period)s, '7' || lpad(e.id::text, 8, '0'), e.total_pence, 0, 0, e.received_on,
       e.received_on, now()
FROM ledger_entry e,
     (SELECT array_agg(id) AS ids FROM funds_fund) f,
     (SELECT array_agg(id) AS ids FROM funds_methodofpayment) m,
     (SELECT min(id) AS id FROM funds_vatcode) v
"""


def export_1m(size: int = 1_000_000) -> float:
    """Lines to a stored detail file, over COPY TO of the same columns: rows/s, higher is better.

    The file is the shipped `fixed-ledger`, with its contras, totals and SHA-256. What it costs to
    take the lines and to prove the file is printed beside it.
    """
    with (
        TemporaryDirectory() as folder,
        override_settings(IMS_FILES_DIR=Path(folder) / "files"),
        fresh_council("district") as council,
        enter(council),
    ):
        _post(size)
        stored = selectors.get_layout("fixed-ledger")
        layout = read_layout(stored.definition)
        with transaction.atomic():
            run = ExportRun.objects.create(
                layout=stored, layout_version=1, definition=stored.definition,
                feed=stored.feed, created_at=clock.now(), created_by="Bench",
            )  # fmt: skip
            return _measure(run, layout, Path(folder) / "copy")


def _post(size: int) -> None:
    facts: dict[str, Any] = {"day": _DAY, "size": size, "period": PeriodFinder().period_id(_DAY)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ENTRIES, facts)
        cursor.execute(_LINES, facts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry")
        cursor.execute("ANALYZE ledger_line")


def _measure(run: ExportRun, layout: Layout, target: Path) -> float:
    begun = time.perf_counter()
    lines.claim(run)
    taking = time.perf_counter() - begun
    copies, writes, proofs = [], [], []
    for _ in range(_ROUNDS):
        copies.append(_copy(run, layout, target))
        writing, proving_ = _write(run, layout)
        writes.append(writing)
        proofs.append(proving_)
    print(  # noqa: T201 - a bench prints
        f"# export_1m: take {taking:.1f} s, write {median(writes):.1f} s, "
        f"prove {median(proofs):.1f} s, COPY TO {median(copies):.1f} s"
    )
    return median(copies) / median(writes)


def _copy(run: ExportRun, layout: Layout, target: Path) -> float:
    query, params = lines.query(run, layout)
    begun = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", params) as copy,
        target.open("wb") as file,
    ):
        for data in copy:
            file.write(data)
    return time.perf_counter() - begun


def _write(run: ExportRun, layout: Layout) -> tuple[float, float]:
    ledger = lines.totals(run)
    facts = RunFacts(
        council="Bench", run_reference=run.reference, created_on=_DAY,
        line_count=ledger.line_count, net_pence=ledger.net_pence,
    )  # fmt: skip
    begun = time.perf_counter()
    file = LedgerFile(layout, facts)
    with closing(lines.stream(run, layout)) as batches:
        stored = files.save("exports", file.chunks_of(batches))
    written = time.perf_counter()
    proving.prove_file(layout, stored.path, written=file.totals, ledger=ledger)
    return written - begun, time.perf_counter() - written
