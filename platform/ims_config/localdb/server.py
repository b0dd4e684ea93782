"""Starts, finds and stops the server of a local database."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cluster
from .binaries import reachable_binaries
from .errors import (
    DataOfAnotherAccount,
    HeldByAnotherProcess,
    PortTaken,
    StartFailed,
    StopFailed,
)
from .postmaster import Holder, Postmaster, find
from .processes import Account, run_as, unprivileged_account

PORT_TRIES = 3
START_S = 90
ORPHANS_S = 15
STOP_S = 60
LOG_TAIL_LINES = 12


@dataclass(frozen=True)
class Status:
    """`state` is "absent" (no such database), "stopped", "starting" or "running"."""

    state: str
    pid: int | None = None
    port: int | None = None


def ensure_running(data_dir: Path, *, durable: bool = True) -> str:
    """The address of the database in `data_dir`, made and started first where need be.

    `postgresql://user:password@127.0.0.1:port/database`. The server outlives this process, until
    `stop`. Any number of processes may call at once. `durable=False` trades safety in a crash of
    the machine for speed (tests); a server that already runs keeps what it was started with.
    Raises LocalDatabaseError.
    """
    data_dir = data_dir.absolute()
    with _explained(data_dir):
        held = find(cluster.cluster_dir(data_dir))
        if not _is_up(held):
            data_dir.mkdir(parents=True, exist_ok=True)
            with _locked(data_dir):
                held = find(cluster.cluster_dir(data_dir))
                if not _is_up(held):
                    held = _start(data_dir, held, durable=durable)
        password = cluster.password_of(data_dir)
    return f"postgresql://{cluster.ROLE}:{password}@127.0.0.1:{held.port}/{cluster.DATABASE}"


def stop(data_dir: Path) -> None:
    """Stop the server, if it runs: open transactions are rolled back, the files are left clean.

    Returns when it has stopped. Raises StopFailed, DataOfAnotherAccount.
    """
    data_dir = data_dir.absolute()
    with _explained(data_dir):
        if not data_dir.exists():
            return
        with _locked(data_dir):
            folder = cluster.cluster_dir(data_dir)
            held = find(folder)
            if held.holder is not Holder.OURS:
                return
            os.kill(held.pid, signal.SIGINT)  # PostgreSQL's "fast" stop
            deadline = time.monotonic() + STOP_S
            while find(folder).holder is Holder.OURS:
                if time.monotonic() > deadline:
                    raise StopFailed(pid=held.pid, seconds=STOP_S)
                time.sleep(0.02)


def status(data_dir: Path) -> Status:
    """What there is in `data_dir`, without starting or changing anything."""
    data_dir = data_dir.absolute()
    with _explained(data_dir):
        folder = cluster.cluster_dir(data_dir)
        if not folder.exists():
            return Status("absent")
        held = find(folder)
    if held.holder is not Holder.OURS:
        return Status("stopped")
    return Status("running" if held.ready else "starting", pid=held.pid, port=held.port or None)


def destroy(data_dir: Path) -> None:
    """Stop the server and delete the data."""
    stop(data_dir)
    with _explained(data_dir):
        cluster.remove(data_dir.absolute())


def _is_up(held: Postmaster) -> bool:
    return held.holder is Holder.OURS and held.ready and held.port > 0


def _start(data_dir: Path, held: Postmaster, *, durable: bool) -> Postmaster:
    """Make the files if there are none, and start. The lock is held."""
    folder = cluster.cluster_dir(data_dir)
    if held.holder is Holder.FOREIGN:
        raise HeldByAnotherProcess(
            pid_file=folder / "postmaster.pid", pid=held.pid, command=held.command
        )
    account = unprivileged_account(owner_of=folder)
    binaries, version = reachable_binaries(account)
    if not folder.exists():
        cluster.create(data_dir, binaries=binaries, account=account, durable=durable)
        folder = cluster.cluster_dir(data_dir)
    cluster.check_version(data_dir, ours=version)
    if held.holder is Holder.OURS:
        return _wait_until_ready(folder)  # started by hand, or recovering from a crash
    (folder / "postmaster.pid").unlink(missing_ok=True)
    ports_tried = 0
    orphans_gone_by = time.monotonic() + ORPHANS_S
    while True:
        cluster.write_settings(data_dir, port=_free_port(), durable=durable, account=account)
        problem = _launch(folder, binaries / "pg_ctl", account)
        held = find(folder)
        if not problem and _is_up(held):
            return held
        if "could not bind" in problem:
            ports_tried += 1
            if ports_tried == PORT_TRIES:
                raise PortTaken(log=folder / cluster.LOG, tail=problem, tries=PORT_TRIES)
        elif "pre-existing shared memory block" in problem and time.monotonic() < orphans_gone_by:
            # The server was killed and its children have not noticed yet; they do within seconds.
            time.sleep(0.2)
        else:
            raise StartFailed(log=folder / cluster.LOG, tail=problem)


def _launch(folder: Path, pg_ctl: Path, account: Account | None) -> str:
    """Start the server and wait until it takes connections; what it said if it did not."""
    log = folder / cluster.LOG
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    done = run_as(account, pg_ctl, "start", "-w", "-t", str(START_S), "-D", folder, "-l", log)
    return "" if done.returncode == 0 else _tail(log) or (done.stderr or done.stdout).strip()


def _wait_until_ready(folder: Path) -> Postmaster:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        held = find(folder)
        if _is_up(held):
            return held
        if held.holder is not Holder.OURS:
            break
        time.sleep(0.05)
    log = folder / cluster.LOG
    raise StartFailed(log=log, tail=_tail(log))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-LOG_TAIL_LINES:])


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """One starter or stopper at a time; the lock goes with its process, however that ends."""
    with (data_dir / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _explained(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise DataOfAnotherAccount(data_dir) from error
