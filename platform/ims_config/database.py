"""Which database the service uses: the one it is told, else its own on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ

from ims_kernel.errors import ImsError

from . import localdb

CHECKOUT = Path(__file__).resolve().parents[2]
# A request that waits for a lock, or a transaction left open, must not hold up a whole council.
SESSION = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=300s"


class NoDatabaseNamed(ImsError):
    """Installed as a package, there is no checkout to keep a local database in."""

    code = "config.no_database_named"
    status = 503


def local_data_dir() -> Path:
    """Where the local database lives: IMS_LOCALDB_DIR, else `.var/pg` in the checkout.

    Raises NoDatabaseNamed when there is neither.
    """
    named = os.environ.get("IMS_LOCALDB_DIR")
    if named:
        return Path(named).absolute()
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise NoDatabaseNamed(
            "No database is named. Set DATABASE_URL, for example "
            "postgresql://user:password@host:5432/ims, and run the command again."
        )
    return CHECKOUT / ".var" / "pg"


def database_url() -> str:
    """DATABASE_URL, else the address of the local database, started if it is not running.

    IMS_LOCALDB_DURABLE=0 starts it without fsync, for tests. Raises NoDatabaseNamed and
    localdb.LocalDatabaseError.
    """
    named = os.environ.get("DATABASE_URL")
    if named:
        return named
    durable = os.environ.get("IMS_LOCALDB_DURABLE", "1") != "0"
    return localdb.ensure_running(local_data_dir(), durable=durable)


def django_settings(url: str) -> dict[str, Any]:
    """What Django's DATABASES wants for an address, with our session settings.

    What the address asks of the connection itself is kept, such as
    `?sslmode=verify-full&sslrootcert=FILE`.
    """
    found: dict[str, Any] = environ.Env.db_url_config(url)
    return found | {"OPTIONS": {**found.get("OPTIONS", {}), "options": SESSION}}
