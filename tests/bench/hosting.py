"""What tenancy and the middleware cost a request: the same view, with and without them.

The client is Python on raw sockets and shares the two cores with the servers, which narrows the
difference a little; both sides pay it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from ims_config import gunicorn_conf
from tests.bench.database import council, database_url
from tests.councils import move

_HOST = "host.bench.example"
_CLIENTS = 4
_SECONDS = 4.0
_ROUNDS = 3
_CONFIG = str(Path(gunicorn_conf.__file__))


def host_request() -> float:
    """Requests/s of a view on a council's host, over the same view in plain Django.

    BENCH_WORKERS=all also prints gthread, and connections that are not kept.
    """
    here = move(council(_HOST), "go_live")
    environment = {"BENCH_SCHEMA": here.schema_name}
    kinds = {"plain": ("plain", "sync", 600), "ims": ("ims", "sync", 600)}
    if os.environ.get("BENCH_WORKERS") == "all":
        kinds["ims, gthread 2x4"] = ("ims", "gthread", 600)
        kinds["ims, no kept connection"] = ("ims", "sync", 0)
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(_ROUNDS):
        for kind, (settings, workers, age) in kinds.items():
            extra = environment | {"BENCH_CONN_MAX_AGE": str(age)}
            with _served(settings, workers, extra) as port:
                rates[kind].append(_requests_per_second(port))
    found = {kind: median(each) for kind, each in rates.items()}
    sys.stdout.write("".join(f"# {kind}: {rate:.0f} requests/s\n" for kind, rate in found.items()))
    return found["ims"] / found["plain"]


@contextmanager
def _served(settings: str, worker_class: str, extra: dict[str, str]) -> Iterator[int]:
    """gunicorn with our own configuration, two workers, until the block ends; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | extra | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": f"tests.bench.settings_{settings}",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "gunicorn", "--config", _CONFIG, "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--worker-class", worker_class, "--max-requests", "0",
        "--max-requests-jitter", "0", "tests.bench.hosted_wsgi:application",
    ]  # fmt: skip
    if worker_class == "gthread":
        command[-1:-1] = ["--threads", "4"]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            # Twice the workers, so that each has loaded what it needs.
            for _ in range(4):
                _ask(port)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def _requests_per_second(port: int) -> float:
    counts = [0] * _CLIENTS
    until = time.monotonic() + _SECONDS

    def work(place: int) -> None:
        while time.monotonic() < until:
            _ask(port)
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(_CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def _ask(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
        asking.sendall(f"GET /fund HTTP/1.1\r\nHost: {_HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := asking.recv(65536):
            answer += part
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:300].decode("utf-8", "replace"))
