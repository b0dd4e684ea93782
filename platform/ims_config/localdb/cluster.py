"""The files of one local database: made whole or not at all, in a place its server can reach.

<data_dir>/cluster    PostgreSQL's own folder; a link when the server could not reach it here
<data_dir>/password   of the roles "ims" and "postgres", readable by its owner only
<data_dir>/lock       held while somebody starts or stops the server
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from .binaries import make_system_dir
from .errors import CreationFailed, MadeByAnotherVersion, NotADatabase
from .processes import Account, run_as

DATABASE = "ims"
# The service's role owns its database and may make others (for tests), and is no superuser, as on
# a managed server: a right that production lacks must not be missed first in production.
ROLE = "ims"
SUPERUSER = "postgres"
LOG = "server.log"


def cluster_dir(data_dir: Path) -> Path:
    """PostgreSQL's own folder of this database, which need not exist yet."""
    return (data_dir / "cluster").resolve()


def password_of(data_dir: Path) -> str:
    """The generated password. Raises NotADatabase when its file is gone."""
    try:
        return (data_dir / "password").read_text().strip()
    except FileNotFoundError:
        raise NotADatabase(data_dir=data_dir, missing="password") from None


def check_version(data_dir: Path, *, ours: str) -> None:
    """Raise MadeByAnotherVersion, or NotADatabase when the folder does not say."""
    try:
        found = (cluster_dir(data_dir) / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise NotADatabase(data_dir=data_dir, missing="cluster/PG_VERSION") from None
    if found != ours:
        raise MadeByAnotherVersion(data_dir=data_dir, found=found, ours=ours)


def create(data_dir: Path, *, binaries: Path, account: Account | None, durable: bool) -> None:
    """Make a new, empty database with the role and database "ims". Raises CreationFailed.

    Everything happens in `cluster.new`, renamed at the end: what a kill leaves behind is never
    mistaken for a database.
    """
    password = secrets.token_urlsafe(24)
    _write_private(data_dir / "password", password)
    place = _reachable_place(data_dir, account)
    new = place / "cluster.new"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    _give(new, account)
    try:
        initdb: list[str | Path] = [binaries / "initdb", *([] if durable else ["--no-sync"])]
        _initdb(new, initdb, account=account, password=password)
        _make_role_and_database(new, binaries=binaries, account=account, password=password)
    except BaseException:
        shutil.rmtree(new)
        raise
    new.rename(place / "cluster")
    if place != data_dir:
        (data_dir / "cluster").unlink(missing_ok=True)
        (data_dir / "cluster").symlink_to(place / "cluster")


def remove(data_dir: Path) -> None:
    """Delete the files, also where they had to live elsewhere. The server must be stopped."""
    link = data_dir / "cluster"
    if link.is_symlink():
        shutil.rmtree(link.resolve().parent, ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def write_settings(data_dir: Path, *, port: int, durable: bool, account: Account | None) -> None:
    """Write postgresql.conf whole: each start gets today's settings, whatever made the files."""
    target = cluster_dir(data_dir) / "postgresql.conf"
    target.write_text("".join(f"{key} = '{value}'\n" for key, value in _settings(port, durable)))
    _give(target, account)


def _settings(port: int, durable: bool) -> list[tuple[str, object]]:  # noqa: FBT001 - private
    safe = "on" if durable else "off"
    return [
        ("listen_addresses", "127.0.0.1"),
        ("port", port),
        # No socket: its path may not pass 107 bytes, and a checkout's path often does.
        ("unix_socket_directories", ""),
        ("max_connections", 100),
        ("shared_buffers", "256MB"),
        ("work_mem", "16MB"),
        ("maintenance_work_mem", "128MB"),
        ("max_wal_size", "1GB"),
        # One transaction may touch every table of many councils: cloning one, dropping a test's.
        ("max_locks_per_transaction", 1024),
        ("fsync", safe),
        ("synchronous_commit", safe),
        ("full_page_writes", safe),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("lc_messages", "C"),
        ("default_text_search_config", "pg_catalog.english"),
        ("log_line_prefix", "%m [%p] %d "),
    ]


def _reachable_place(data_dir: Path, account: Account | None) -> Path:
    """`data_dir`, or a folder of the system when the account cannot pass through its parents
    (/root is closed to everybody else)."""
    if account is None or run_as(account, "/bin/sh", "-c", 'cd "$0"', data_dir).returncode == 0:
        return data_dir
    place = Path(tempfile.mkdtemp(prefix="data-", dir=make_system_dir()))
    place.chmod(0o755)
    return place


def _initdb(new: Path, initdb: list[str | Path], *, account: Account | None, password: str) -> None:
    password_file = new.with_name("password.new")
    password_file.unlink(missing_ok=True)
    _write_private(password_file, password)
    _give(password_file, account)
    command = (
        *initdb,
        f"--pgdata={new}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        # Sorted and matched alike on every machine, whatever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--encoding=UTF8",
        "--no-instructions",
    )
    try:
        # What the C library is still asked, is what a letter is: pg_trgm under plain C skips the
        # circumflex in a Welsh name. A C library too old to know C.UTF-8 gets plain C.
        done = run_as(account, *command, "--lc-ctype=C.UTF-8")
        if "invalid locale name" in done.stderr:
            done = run_as(account, *command)
    finally:
        password_file.unlink()
    if done.returncode != 0:
        raise CreationFailed(data_dir=new.parent, reason=(done.stderr or done.stdout).strip())


def _make_role_and_database(
    new: Path, *, binaries: Path, account: Account | None, password: str
) -> None:
    """Without a server, so that nothing is half made when one does not start."""
    commands = (
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint TO {ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    )
    lines = "".join(f"{command}\n" for command in commands)
    done = run_as(account, binaries / "postgres", "--single", "-D", new, SUPERUSER, stdin=lines)
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise CreationFailed(data_dir=new.parent, reason=done.stderr.strip())


def _write_private(path: Path, text: str) -> None:
    """Readable by its owner only, from its first instant."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text + "\n")


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
