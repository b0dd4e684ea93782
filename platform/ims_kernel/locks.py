"""Locks on a name, held until the transaction ends, apart in each council."""

from __future__ import annotations

from django.db import connection

from ims_kernel.scope import schema_name


def hold(name: str) -> None:
    """Wait for the lock and hold it. Must be called inside a transaction."""
    _call("pg_advisory_xact_lock", name)


def try_hold(name: str) -> bool:
    """Hold the lock if nobody does; returns whether it is held."""
    return bool(_call("pg_try_advisory_xact_lock", name))


def _call(function: str, name: str) -> object:
    if not connection.in_atomic_block:
        raise RuntimeError("A lock is held until the transaction ends, so it needs one.")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(hashtextextended(%s, 0))",
            [f"{schema_name()}:{name}"],
        )
        row = cursor.fetchone()
    found: object = row[0]
    return found
