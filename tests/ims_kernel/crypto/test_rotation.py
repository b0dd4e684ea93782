"""Keys are changed while secrets stay readable, in each council by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django.fixtures import Settings

from ims_config import cli
from ims_kernel.audit.models import AuditEvent
from ims_kernel.crypto import envelope, rotation
from ims_kernel.crypto.errors import KeyNotWrappedByOurs
from ims_kernel.crypto.models import DataKey
from ims_tenants.current import enter
from ims_tenants.models import Council

Answer = Callable[..., Any]
OLD, NEW = envelope.new_key(), envelope.new_key()


@pytest.fixture(autouse=True)
def stored(settings: Settings, vault: Any, northmoor: Council, eastshire: Council) -> Any:
    """Secrets in both councils, under the old key."""
    settings.IMS_KEY_ENCRYPTION_KEYS = (OLD,)
    for council in (northmoor, eastshire):
        with enter(council):
            for number in range(3):
                vault.objects.create(name=str(number), note=f"{council.name} {number}")
            vault.objects.create(name="none")
    return vault


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command with --json; gives what it answered."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        cli.main([*arguments, "--json"])
        return json.loads(capsys.readouterr().out)

    return run


def notes(vault: Any, council: Council) -> list[str]:
    with enter(council):
        return [each.note.reveal() for each in vault.objects.filter(note__isnull=False)]


def test_the_installations_key_is_changed_for_everybody(
    answer: Answer, settings: Settings, stored: Any, northmoor: Council, eastshire: Council
) -> None:
    settings.IMS_KEY_ENCRYPTION_KEYS = (NEW, OLD)
    done = answer("keys", "rotate", "--all")
    assert {each["council"] for each in done["rotated"]} == {
        "public", northmoor.name, eastshire.name
    }  # fmt: skip
    assert done["key"] == envelope.key_id(NEW)
    settings.IMS_KEY_ENCRYPTION_KEYS = (NEW,)
    assert notes(stored, northmoor) == [f"{northmoor.name} {n}" for n in range(3)]
    assert notes(stored, eastshire) == [f"{eastshire.name} {n}" for n in range(3)]
    assert [each["rewrapped"] for each in answer("keys", "rotate", "--all")["rotated"]] == [0, 0, 0]


def test_a_council_gets_a_new_data_key_and_its_neighbour_none(
    answer: Answer, stored: Any, northmoor: Council, eastshire: Council
) -> None:
    before = DataKey.objects.filter(scope=str(eastshire.uuid)).values().get()
    done = answer("keys", "rotate", northmoor.name, "--data")
    assert done["rotated"] == [{"council": northmoor.name, "rewrapped": 0, "resealed": 3}]
    with enter(northmoor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT note FROM crypto_vault_of_a_test WHERE note IS NOT NULL")
            assert {envelope.number_of(bytes(row[0])) for row in cursor.fetchall()} == {2}
        event = AuditEvent.objects.get(act="keys.rotate")
        assert event.facts == {"rewrapped": 0, "resealed": 3, "new_data_key": True}
    DataKey.objects.filter(scope=str(northmoor.uuid), number=1).delete()
    assert notes(stored, northmoor) == [f"{northmoor.name} {n}" for n in range(3)]
    assert DataKey.objects.filter(scope=str(eastshire.uuid)).values().get() == before
    assert notes(stored, eastshire) == [f"{eastshire.name} {n}" for n in range(3)]


def test_without_the_old_key_nothing_is_changed(settings: Settings, northmoor: Council) -> None:
    settings.IMS_KEY_ENCRYPTION_KEYS = (NEW,)
    before = list(DataKey.objects.order_by("pk").values())
    for step in (rotation.rewrap, rotation.renew):
        with enter(northmoor), pytest.raises(KeyNotWrappedByOurs):
            step()
    assert list(DataKey.objects.order_by("pk").values()) == before


def test_the_service_does_not_start_without_the_key_that_protects_its_secrets(
    settings: Settings,
) -> None:
    def problems() -> list[str]:
        found = run_checks(databases=["default"])
        return [each.msg for each in found if each.id == "ims_kernel.E002"]

    assert problems() == []
    settings.IMS_KEY_ENCRYPTION_KEYS = (NEW,)
    assert [envelope.key_id(OLD) in each for each in problems()] == [True]
    settings.IMS_KEY_ENCRYPTION_KEYS = (NEW, OLD)
    assert problems() == []


def test_a_council_must_be_named(answer: Answer) -> None:
    assert answer("keys", "rotate")["error"] == "ims.not_found"
    assert [each["council"] for each in answer("keys", "rotate", "public")["rotated"]] == ["public"]
