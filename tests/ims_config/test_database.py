"""Which database is used, and in which order it is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ims_config import database, localdb

SERVER = "postgresql://ims:secret@db.example:5432/ims"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, bool]]:
    """Which local databases were asked for; none is started."""
    calls: list[tuple[Path, bool]] = []

    def ensure_running(data_dir: Path, *, durable: bool) -> str:
        calls.append((data_dir, durable))
        return "postgresql://local"

    monkeypatch.setattr(localdb, "ensure_running", ensure_running)
    for name in ("DATABASE_URL", "IMS_LOCALDB_DIR", "IMS_LOCALDB_DURABLE"):
        monkeypatch.delenv(name, raising=False)
    return calls


def test_a_named_server_comes_first(
    asked: list[tuple[Path, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", SERVER)
    monkeypatch.setenv("IMS_LOCALDB_DIR", "elsewhere")
    assert database.database_url() == SERVER
    assert asked == []


def test_else_the_checkout_keeps_its_own_and_keeps_it_safe(
    asked: list[tuple[Path, bool]],
) -> None:
    assert database.database_url() == "postgresql://local"
    assert asked == [(database.CHECKOUT / ".var" / "pg", True)]


def test_tests_keep_theirs_elsewhere_and_need_not_be_safe(
    asked: list[tuple[Path, bool]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMS_LOCALDB_DIR", str(tmp_path))
    monkeypatch.setenv("IMS_LOCALDB_DURABLE", "0")
    database.database_url()
    assert asked == [(tmp_path, False)]


def test_without_a_checkout_the_answer_is_what_to_set(
    asked: list[tuple[Path, bool]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "CHECKOUT", tmp_path)
    with pytest.raises(database.NoDatabaseNamed, match="Set DATABASE_URL"):
        database.database_url()
    assert asked == []


def test_what_the_address_asks_of_the_connection_is_kept() -> None:
    made = database.django_settings(f"{SERVER}?sslmode=verify-full&sslrootcert=/srv/ca.pem")
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example", 5432, "ims")
    assert made["OPTIONS"] == {
        "sslmode": "verify-full",
        "sslrootcert": "/srv/ca.pem",
        "options": database.SESSION,
    }


def test_an_address_that_asks_nothing_gets_our_session_settings() -> None:
    assert database.django_settings(SERVER)["OPTIONS"] == {"options": database.SESSION}
