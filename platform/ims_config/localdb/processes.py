"""Running PostgreSQL's programs as somebody it accepts, and looking at processes."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CannotBecome, NoUnprivilegedAccount

# PostgreSQL refuses to run as root. We create no account: these exist on Debian, Alpine and Fedora.
CANDIDATES = ("nobody", "postgres", "daemon")
TIMEOUT_S = 120


@dataclass(frozen=True)
class Account:
    """A user of this machine that a program is started as."""

    name: str
    uid: int
    gid: int


def unprivileged_account(*, owner_of: Path | None = None) -> Account | None:
    """The account to run PostgreSQL as; None means ourselves, which is right unless we are root.

    PostgreSQL also refuses data that belongs to somebody else, so the owner of existing data
    (`owner_of`) comes first. Raises NoUnprivilegedAccount.
    """
    if os.geteuid() != 0:
        return None
    if owner_of is not None and owner_of.exists():
        info = owner_of.stat()
        if info.st_uid != 0:
            return Account(name=f"user {info.st_uid}", uid=info.st_uid, gid=info.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoUnprivilegedAccount(CANDIDATES)


def run_as(
    account: Account | None, *command: str | Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one program to its end as `account`; both outputs are captured, nothing is raised for
    its exit code.

    The environment is our own: a PGPORT, PGDATA or LC_ALL of the caller must not change what is
    made. The folder is `/`, because the account may not be able to enter the caller's.
    """
    switch: dict[str, Any] = {}
    if account is not None:
        switch = {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - our own binaries, no shell
            [str(part) for part in command],
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            **switch,
        )
    except PermissionError as error:
        if account is not None and error.filename is None:
            raise CannotBecome(account.name) from error
        raise
    return done


def command_of(pid: int) -> str | None:
    """The command line of a live process; None when there is none, or only a dead one that its
    parent has not collected yet (a container's first process often never does)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # alive, and somebody else's
    state, command = _read_proc(pid) if Path("/proc/self/stat").exists() else _ask_ps(pid)
    return None if not state or state.startswith("Z") else command.strip()


def _read_proc(pid: int) -> tuple[str, str]:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except (FileNotFoundError, ProcessLookupError):
        return "", ""
    return state, command.decode("utf-8", "replace")


def _ask_ps(pid: int) -> tuple[str, str]:
    """The same where there is no /proc (macOS)."""
    shown = run_as(None, "/bin/ps", "-ww", "-o", "stat=,command=", "-p", str(pid)).stdout
    state, _, command = shown.strip().partition(" ")
    return state, command
