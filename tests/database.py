"""The tests' databases: one template per set of migrations, one clone of it per worker.

Migrating takes tens of seconds and cloning a fraction of one, so the template is built once and
kept on the test server until what it is made from changes. Everything here can be interrupted at
any instant, and several runs in one checkout never meet.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connections
from psycopg import sql

from ims_tenants.migrating import migrate_everything
from tests.councils import make_standing_councils

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / ".var" / "test-locks"
# A template made from other contents of these is thrown away.
MADE_FROM = (
    "platform/**/migrations/*.py",
    "tenants/**/migrations/*.py",
    "billing/**/migrations/*.py",
    "tenants/ims_tenants/*.py",
    "platform/ims_config/apps.py",
    "requirements/runtime.lock",
    "platform/ims/*/provisioning.py",
    "platform/ims/*/apps.py",
    "tests/database.py",
    "tests/councils.py",
    "tests/samples/starters/*.toml",
)
# With DATABASE_URL, several checkouts may share a server; each keeps to its own names.
_CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
TEMPLATE_PREFIX = f"ims_tpl_{_CHECKOUT}_"


def build_template() -> None:
    """Fill an empty database, to which Django's default connection points, for every test."""
    migrate_everything()
    make_standing_councils()


@dataclass
class WorkerDatabase:
    """A clone of the template that Django's default connection uses until `drop`."""

    name: str
    home: str  # the database that the settings name; never written to by tests
    slot: IO[str]

    def drop(self) -> None:
        """Point Django back, delete the clone, and give its name free."""
        _use(self.home)
        with _server() as server:
            _drop(server, self.name)
        self.slot.close()


def make_worker_database() -> WorkerDatabase:
    """Clone the template for this process, building it first where need be.

    One of several workers builds; the others wait for it. Raises psycopg.Error when the server
    refuses, for example because the role of DATABASE_URL may not create databases.
    """
    home = str(connections["default"].settings_dict["NAME"])
    slot, number = _free_slot()
    name = f"test_{_CHECKOUT}_{number}"
    with _server() as server, _lock("template"):
        template = _ensure_template(server, home=home)
        _drop(server, name)  # left by a run that was killed
        _create(server, name, template=template)
    _use(name)
    return WorkerDatabase(name=name, home=home, slot=slot)


def template_name() -> str:
    """Changes whenever what the template is made from does."""
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return TEMPLATE_PREFIX + digest.hexdigest()[:12]


def _ensure_template(server: psycopg.Connection[Any], *, home: str) -> str:
    name = template_name()
    for other in _names(server, TEMPLATE_PREFIX):
        if other != name:
            _drop(server, other)
    if name not in _names(server, TEMPLATE_PREFIX):
        unfinished = f"{name}_new"
        _create(server, unfinished, template="template1")
        _use(unfinished)
        try:
            build_template()
        finally:
            _use(home)
        server.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(unfinished), sql.Identifier(name)
            )
        )
    return name


def _free_slot() -> tuple[IO[str], int]:
    """The lowest number no live process holds; the lock goes with the process."""
    number = 0
    while True:
        handle = _lock_file(f"slot-{number}").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            number += 1
        else:
            return handle, number


@contextmanager
def _lock(name: str) -> Iterator[None]:
    with _lock_file(name).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _lock_file(name: str) -> Path:
    LOCKS.mkdir(parents=True, exist_ok=True)
    return LOCKS / name


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    """A connection of our own for commands that no transaction may hold."""
    settings = connections["default"].settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        autocommit=True,
    ) as connection:
        yield connection


def _use(name: str) -> None:
    """Point Django's default connection at another database of the same server."""
    connections.close_all()
    connections["default"].settings_dict["NAME"] = name


def _names(server: psycopg.Connection[Any], prefix: str) -> list[str]:
    rows = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
    ).fetchall()
    return [row[0] for row in rows]


def _create(server: psycopg.Connection[Any], name: str, *, template: str) -> None:
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
