"""Reads postmaster.pid: who serves a database, where, and whether that is still true."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from .processes import command_of


class Holder(enum.Enum):
    """What stands behind postmaster.pid."""

    NOBODY = "no file"
    LEFT_OVER = "the process is gone, or its number now belongs to a program that is no PostgreSQL"
    OURS = "the server of this folder"
    FOREIGN = "another PostgreSQL"


@dataclass(frozen=True)
class Postmaster:
    """The first lines of postmaster.pid (PostgreSQL's own utils/pidfile.h), and what they mean.

    `port` is 0 until the server has written it; `ready` says that it takes connections.
    """

    holder: Holder
    pid: int = 0
    port: int = 0
    ready: bool = False
    command: str = ""


def find(cluster: Path) -> Postmaster:
    """Who holds the folder now."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return Postmaster(Holder.NOBODY)
    try:
        pid = abs(int(lines[0]))
    except (IndexError, ValueError):
        return Postmaster(Holder.LEFT_OVER)  # cut off by a full disk or a crash
    command = command_of(pid)
    holder = _judge(cluster, pid=pid, command=command)
    # Written piece by piece while the server starts: the fourth line is the port, the last "ready".
    port = lines[3] if lines[3:] else ""
    return Postmaster(
        holder,
        pid=pid,
        port=int(port) if port.isdigit() else 0,
        ready=lines[-1].strip() == "ready",
        command=command or "",
    )


def _judge(cluster: Path, *, pid: int, command: str | None) -> Holder:
    # Numbers are used again, most of all in containers, whose first processes always get the same
    # few. So a live process only counts if it is a PostgreSQL; PostgreSQL itself makes sure, by
    # its shared memory, that a folder never has two servers.
    if command is None or Path(command.partition(" ")[0]).name != "postgres":
        return Holder.LEFT_OVER
    return Holder.OURS if _works_in(cluster, pid=pid, command=command) else Holder.FOREIGN


def _works_in(cluster: Path, *, pid: int, command: str) -> bool:
    """A postmaster's working folder is its data folder, also after that was moved."""
    folder = Path(f"/proc/{pid}/cwd")
    try:
        if folder.exists():
            return folder.samefile(cluster)
    except PermissionError:
        return False
    return str(cluster) in command
