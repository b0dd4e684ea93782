"""Finds out whether two connections really are two.

A pooler that hands one server connection to several clients lets the search path of one council
reach another: over half of all reads came back from the wrong council, with no error
(docs/adr/0007). So the service asks before it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from ims_tenants.errors import PoolerLeaks

_ROUNDS = 10


def _connect() -> psycopg.Connection[Any]:
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    return psycopg.connect(**params, autocommit=True)


def refuse_leak(connect: Callable[[], psycopg.Connection[Any]] = _connect) -> None:
    """Raise PoolerLeaks when a setting made on one connection shows on another."""
    paths = ("ims_probe_a", "ims_probe_b")
    with connect() as one, connect() as two:
        for path, conn in zip(paths, (one, two), strict=True):
            conn.execute(f"SET search_path = {path}")
        for _ in range(_ROUNDS):
            for path, conn in zip(paths, (one, two), strict=True):
                row = conn.execute("SHOW search_path").fetchone()
                if row is None or row[0] != path:
                    raise PoolerLeaks(
                        "The database connection goes through a pooler that mixes councils up: a "
                        "search path set on one connection was seen on another. Connect directly, "
                        "or set the pooler to session mode."
                    )
