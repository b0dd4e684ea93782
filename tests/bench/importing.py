"""How fast a bank file becomes a ledger, and how much memory that takes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.test import override_settings

from ims.imports import posting, reading, services, states
from ims.imports.models import ImportFile
from ims_config.demo.bank_files import BankLine, write_lloyds_csv
from ims_config.demo.bank_lines import bank_lines
from ims_config.demo.eastshire import EASTSHIRE
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter
from tests.bench.database import council, database_url

_ACTOR = system("Bench")
_DAY = date(2026, 8, 3)
_A_DAYS_LINES = 20_000
_ACCOUNT = "30000041120078"  # the bank account of the profile `lloyds` in the starter pack
_TABLES = ("ledger_entry", "ledger_line", "receipts_receipt", "suspense_suspenseitem")
_MEGABYTE = 1024 * 1024
_LIMIT_MB = 300


def import_post_100k(size: int = 100_000) -> float:
    """File to posted and indexed, over COPY of the rows it becomes into equal tables: rows/s."""
    with TemporaryDirectory() as folder, override_settings(IMS_FILES_DIR=Path(folder) / "files"):
        path = bank_file(Path(folder), size)
        here = council("import.bench.example")
        with enter(here):
            read, post = import_file(path)
            copied = median(_copy_ledger(here.schema_name) for _ in range(3))
    sys.stdout.write(f"# read {read:.1f} s, post {post:.1f} s; COPY of the ledger {copied:.1f} s\n")
    return copied / (read + post)


def import_memory_cost() -> float:
    """Peak memory of a process that imports 1,000,000 lines over one that imports 10,000."""
    peaks = {}
    with TemporaryDirectory() as folder:
        for size in (10_000, 1_000_000):
            here = council(f"memory-{size}.bench.example")
            path = bank_file(Path(folder), size)
            peaks[size] = peak_of_child(
                "import_in_child", here.schema_name, path, Path(folder) / "files"
            )
    small, large = peaks.values()
    verdict = "within" if large < _LIMIT_MB * _MEGABYTE else "OVER"
    sys.stdout.write(
        f"# peak memory: {small / _MEGABYTE:.0f} MB at 10,000 lines, {large / _MEGABYTE:.0f} MB at "
        f"1,000,000, {verdict} the {_LIMIT_MB} MB allowed\n"
    )
    return large / small


def bank_file(folder: Path, size: int) -> Path:
    """A Lloyds CSV of a large morning for the demonstration's unitary, `size` lines long."""
    path = folder / f"bank-{size}.csv"
    write_lloyds_csv(path, _lines(size), account=_ACCOUNT)
    return path


def _lines(size: int) -> Iterator[BankLine]:
    days = range(0, size, _A_DAYS_LINES)
    return chain.from_iterable(
        bank_lines(EASTSHIRE, on=_DAY + timedelta(days=day), count=min(_A_DAYS_LINES, size - start))
        for day, start in enumerate(days)
    )


def import_file(path: Path) -> tuple[float, float]:
    """Import a file in the council at hand; returns the seconds to read it and to post it."""
    begun = time.perf_counter()
    with path.open("rb") as stream:
        chunks = iter(lambda: stream.read(_MEGABYTE), b"")
        upload = services.Upload(path.name, chunks, "lloyds")
        received = services.receive(upload, actor=_ACTOR, at=clock.now(), read_later=False)
    found = reading.read_file(received.pk)
    read = time.perf_counter()
    services.request_post(found.pk, actor=_ACTOR, at=clock.now(), post_later=False)
    _refuse_unposted(posting.post_file(found.pk, clock=clock.now))
    return read - begun, time.perf_counter() - read


def _refuse_unposted(found: ImportFile) -> None:
    if found.state != states.POSTED or not found.parked_count or found.rejected_count:
        raise RuntimeError(f"The import is {found.state}: {found.refusal}")


def _copy_ledger(schema: str) -> float:
    """Seconds to COPY the council's ledger rows into tables with the same indexes and checks."""
    taken = 0.0
    for table in _TABLES:
        rows = io.BytesIO()
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {schema}.{table} TO STDOUT") as out:
                for part in out:
                    rows.write(part)
            cursor.execute("CREATE SCHEMA IF NOT EXISTS bench_copy")
            cursor.execute(f"CREATE TABLE bench_copy.{table} (LIKE {schema}.{table} INCLUDING ALL)")
            begun = time.perf_counter()
            with transaction.atomic(), cursor.copy(f"COPY bench_copy.{table} FROM STDIN") as copy:
                copy.write(rows.getbuffer())
            taken += time.perf_counter() - begun
            cursor.execute(f"DROP TABLE bench_copy.{table}")
    return taken


def peak_of_child(module: str, schema: str, path: Path, files: Path) -> int:
    """Peak bytes of a fresh process: `module` of tests.bench with the schema and the file."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", schema, str(path), str(files)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-800:])
    return int(json.loads(done.stdout)["peak_bytes"])
