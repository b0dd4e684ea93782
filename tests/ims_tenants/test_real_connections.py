"""The probe for poolers, against the real server: two connections pass, one shared is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from ims_tenants import pooler
from ims_tenants.errors import PoolerLeaks


def test_direct_connections_pass(db: None) -> None:
    pooler.refuse_leak()


def test_a_connection_that_two_clients_share_is_refused(db: None) -> None:
    """What a pooler in transaction mode does between statements."""
    with pooler._connect() as real:

        @contextmanager
        def shared() -> Iterator[psycopg.Connection[Any]]:
            yield real

        with pytest.raises(PoolerLeaks, match="session mode"):
            pooler.refuse_leak(shared)  # type: ignore[arg-type]


def test_the_service_s_own_search_path_is_untouched_by_the_probe(db: None) -> None:
    with pooler._connect() as before:
        path = before.execute("SHOW search_path").fetchone()
    pooler.refuse_leak()
    with pooler._connect() as after:
        assert after.execute("SHOW search_path").fetchone() == path
