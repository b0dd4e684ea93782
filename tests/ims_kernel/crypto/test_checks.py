"""The guard before the start, where there is no database to ask yet."""

from __future__ import annotations

import socket

import pytest
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from ims_kernel.crypto import envelope, keys
from ims_kernel.crypto.checks import data_keys_can_be_opened
from ims_kernel.scope import scope_id
from ims_tenants.current import enter
from ims_tenants.models import Council


@pytest.fixture
def stranger(northmoor: Council, eastshire: Council, settings: Settings) -> str:
    """The name of a key that both councils' secrets are stored with, and that is not here."""
    for council in (northmoor, eastshire):
        with enter(council):
            keys.add(scope_id(), 1)
    gone = envelope.key_id(settings.IMS_KEY_ENCRYPTION_KEYS[0])
    settings.IMS_KEY_ENCRYPTION_KEYS = (envelope.new_key(),)
    return gone


def test_a_check_without_databases_asks_none(stranger: str) -> None:
    assert data_keys_can_be_opened(databases=None) == []
    assert data_keys_can_be_opened(databases=[]) == []
    (error,) = data_keys_can_be_opened(databases=["default"])
    # Once, though two councils need it.
    assert error.msg.count(stranger) == 1


def test_before_the_first_migration_there_is_nothing_to_open(stranger: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.crypto_datakey RENAME TO crypto_datakey_not_yet")
    assert data_keys_can_be_opened(databases=["default"]) == []


def test_a_database_that_does_not_answer_is_told_by_another_check(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", port)
        with pytest.raises(OperationalError):
            connection.ensure_connection()
        assert data_keys_can_be_opened(databases=["default"]) == []
