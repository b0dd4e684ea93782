"""A database that is not there."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture
def dead_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def no_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, dead_port: int
) -> Iterator[None]:
    """Django's connection leads to a port nothing listens on."""
    with django_db_blocker.unblock():
        connection.close()
        before = connection.settings_dict["PORT"]
        connection.settings_dict["PORT"] = dead_port
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["PORT"] = before
