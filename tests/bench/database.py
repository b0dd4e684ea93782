"""A database of the benches' own on the service's real server, dropped afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections

from ims_kernel import clock
from ims_tenants.migrating import migrate_everything
from ims_tenants.models import Council
from ims_tenants.services import NewCouncil, create_council
from tests.councils import OPERATOR
from tests.database import _create, _drop, _server, _use

STARTERS = Path(__file__).resolve().parents[2] / "platform" / "ims_config" / "starters"


@contextmanager
def bench_database() -> Iterator[None]:
    """Django's default connection points at a migrated, empty database until the block ends."""
    home = str(connections["default"].settings_dict["NAME"])
    name = f"ims_bench_{os.getpid()}"
    with _server() as server:
        _create(server, name, template="template1")
    _use(name)
    try:
        migrate_everything()
        yield
    finally:
        _use(home)
        _drop_when_left(name)


def _drop_when_left(name: str) -> None:
    """Drop the database; the server's own vacuum, which we may not stop, may still be in it."""
    with _server() as server:
        for last in (False, False, False, True):
            try:
                _drop(server, name)
            except psycopg.errors.InsufficientPrivilege:
                if last:
                    raise
                time.sleep(2)
            else:
                return


def database_url() -> str:
    """The address of the database in use, for a child process."""
    facts = connections["default"].settings_dict
    return (
        f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}"
        f"/{facts['NAME']}"
    )


def council(host: str) -> Council:
    """A council with the whole shipped starter pack of a unitary: funds, rules, layouts."""
    pack = (STARTERS / "unitary.toml").read_bytes()
    return create_council(
        NewCouncil(f"Bench {host}", host, starter=pack), actor=OPERATOR, at=clock.now()
    )
