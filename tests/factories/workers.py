"""Real worker processes on the test's own database, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The database Django is connected to, as a worker is told it."""
    settings = connection.settings_dict
    user, password = quote(settings["USER"]), quote(settings["PASSWORD"] or "")
    host, port, name = settings["HOST"] or "localhost", settings["PORT"] or 5432, settings["NAME"]
    return f"postgresql://{user}:{password}@{host}:{port}/{name}"


@contextmanager
def worker(var_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that keeps its files under `var_dir`/files. Killed at the end if it still runs."""
    sources = [str(ROOT / name) for name in ("platform", "tenants", "billing")]
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "ims_config.settings.test",
        "IMS_VAR_DIR": str(var_dir),
        "PYTHONPATH": os.pathsep.join(sources),
    }
    with (var_dir / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ims_config.cli", "worker"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL: no chance to tidy up. Only ever a process started here."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def wait_until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until it holds. Raises AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"Not within {seconds} seconds: {what}"
        time.sleep(0.02)


def let_heartbeats_age() -> None:
    """As if a minute went by since any worker said that it is alive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.procrastinate_workers "
            "SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )
