"""How fast a full refresh of a large council's accounts is, and how much memory that takes."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.test import override_settings

from ims.accounts import loading, services, states
from ims.accounts.models import AccountLoad
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter
from tests.bench.database import council
from tests.bench.importing import peak_of_child
from tests.factories.account_files import write_accounts

_ACTOR = system("Bench")
_MEGABYTE = 1024 * 1024
_LIMIT_MB = 300
_FUND = "101"


def accounts_refresh_765k(size: int = 765_000) -> float:
    """File with 2 % changed to applied, over COPY of the same rows into an equal table: rows/s."""
    with TemporaryDirectory() as place, override_settings(IMS_FILES_DIR=Path(place) / "files"):
        folder = Path(place)
        here = council("accounts.bench.example")
        with enter(here):
            first = load_accounts(write_accounts(folder / "first.csv", size))
            path = write_accounts(folder / "second.csv", size, changed_every=50)
        peak = peak_of_child("accounts_in_child", here.schema_name, path, folder / "files")
        with enter(here):
            third = write_accounts(folder / "third.csv", size)
            again = load_accounts(third)
            copied = median(_copy_accounts(here.schema_name) for _ in range(3))
    taken = sum(again)
    verdict = "within" if peak < _LIMIT_MB * _MEGABYTE else "OVER"
    sys.stdout.write(
        f"# first load {sum(first):.1f} s; refresh: compare {again[0]:.1f} s, apply "
        f"{again[1]:.1f} s; COPY {copied:.1f} s; peak memory {peak / _MEGABYTE:.0f} MB, {verdict} "
        f"the {_LIMIT_MB} MB allowed\n"
    )
    return copied / taken


def load_accounts(path: Path) -> tuple[float, float]:
    """Refresh a fund in the council at hand; the seconds to receive and compare, and to apply."""
    begun = time.perf_counter()
    with path.open("rb") as stream:
        chunks = iter(lambda: stream.read(_MEGABYTE), b"")
        file = services.AccountFile(path.name, chunks, _FUND, AccountLoad.Mode.FULL)
        received = services.receive(file, actor=_ACTOR, at=clock.now(), read_later=False)
    found = loading.read_load(received.pk)
    read = time.perf_counter()
    if found.state != states.READY:
        raise RuntimeError(f"The load is {found.state}: {found.refusal}")
    services.request_apply(
        found.pk, services.Agreed(), actor=_ACTOR, at=clock.now(), apply_later=False
    )
    found = loading.apply_load(found.pk, at=clock.now())
    if found.state != states.APPLIED or found.rejected_count:
        raise RuntimeError(f"The load is {found.state} with {found.rejected_count} rejected.")
    return read - begun, time.perf_counter() - read


def _copy_accounts(schema: str) -> float:
    """Seconds to COPY the accounts into a table with the same indexes and checks."""
    rows = io.BytesIO()
    table = "accounts_accountholder"
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {schema}.{table} TO STDOUT") as out:
            for part in out:
                rows.write(part)
        cursor.execute("CREATE SCHEMA IF NOT EXISTS bench_copy")
        cursor.execute(f"CREATE TABLE bench_copy.{table} (LIKE {schema}.{table} INCLUDING ALL)")
        begun = time.perf_counter()
        with transaction.atomic(), cursor.copy(f"COPY bench_copy.{table} FROM STDIN") as copy:
            copy.write(rows.getbuffer())
        taken = time.perf_counter() - begun
        cursor.execute(f"DROP TABLE bench_copy.{table}")
    return taken
