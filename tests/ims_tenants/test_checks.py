"""A wrong setting is refused before the service starts."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, Self

import pytest
from django.conf import LazySettings
from django.core import checks as django_checks
from django.db import OperationalError

from ims_config.settings import base
from ims_tenants import checks, pooler
from ims_tenants.errors import PoolerLeaks


def ids(found: list[django_checks.CheckMessage]) -> list[str]:
    return [str(message.id) for message in found]


def test_the_settings_as_they_stand_pass_every_check() -> None:
    for check in (
        checks.caches_know_the_council,
        checks.cookies_stay_on_one_host,
        checks.host_comes_from_the_host_header,
        checks.councils_own_their_data,
    ):
        assert check() == []


def test_the_checks_are_registered() -> None:
    registered = {
        getattr(check, "__name__", "") for check in django_checks.registry.registry.get_checks()
    }
    assert {
        "caches_know_the_council",
        "cookies_stay_on_one_host",
        "host_comes_from_the_host_header",
        "councils_own_their_data",
        "pooler_keeps_councils_apart",
        "public_holds_no_product_table",
    } <= registered


@pytest.mark.parametrize("options", [{}, {"KEY_FUNCTION": "django.core.cache.backends.base.x"}])
def test_a_cache_without_the_council_in_its_keys_is_refused(
    settings: LazySettings, options: dict[str, str]
) -> None:
    settings.CACHES = {**base.CACHES, "sums": {"BACKEND": "locmem", **options}}
    (error,) = checks.caches_know_the_council()
    assert error.id == "ims_tenants.E001"
    assert "“sums”" in error.msg
    assert error.hint == "Set KEY_FUNCTION to django_tenants.cache.make_key."


def test_the_default_cache_may_not_lose_its_key_function(settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "locmem"}, "shared": {"BACKEND": "locmem"}}
    assert ids(checks.caches_know_the_council()) == ["ims_tenants.E001"]


@pytest.mark.parametrize("name", ["SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"])
@pytest.mark.parametrize("domain", [".example.org", "example.org", ""])
def test_a_cookie_with_a_domain_is_refused(settings: LazySettings, name: str, domain: str) -> None:
    setattr(settings, name, domain)
    (error,) = checks.cookies_stay_on_one_host()
    assert error.id == "ims_tenants.E002"
    assert name in error.msg


def test_a_forwarded_host_is_refused(settings: LazySettings) -> None:
    settings.USE_X_FORWARDED_HOST = True
    assert ids(checks.host_comes_from_the_host_header()) == ["ims_tenants.E003"]


def test_an_app_of_the_product_in_the_public_schema_is_refused(settings: LazySettings) -> None:
    settings.SHARED_APPS = [*base.SHARED_APPS, "ims.ledger"]
    (error,) = checks.councils_own_their_data()
    assert error.id == "ims_tenants.E004"
    assert "ims.ledger" in error.msg


# --- checks that ask the database -----------------------------------------------------------------
def test_checks_of_the_database_do_nothing_without_one() -> None:
    assert checks.pooler_keeps_councils_apart(databases=None) == []
    assert checks.public_holds_no_product_table(databases=None) == []


def test_a_pooler_that_leaks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def leak() -> None:
        raise PoolerLeaks("A search path was seen on another connection.")

    monkeypatch.setattr(pooler, "refuse_leak", leak)
    (error,) = checks.pooler_keeps_councils_apart(databases=["default"])
    assert error.id == "ims_tenants.E005"
    assert error.msg == "A search path was seen on another connection."


def test_a_database_that_does_not_answer_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(pooler, "refuse_leak", fail)
    (error,) = checks.pooler_keeps_councils_apart(databases=["default"])
    assert error.id == "ims_tenants.E006"
    assert "connection refused" in error.msg


class FakeServer:
    """A server connection that remembers its search path."""

    def __init__(self) -> None:
        self.path = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def execute(self, statement: str) -> Any:
        if statement.startswith("SET search_path = "):
            self.path = statement.rsplit(" ", 1)[1]
        return SimpleNamespace(fetchone=lambda: (self.path,))


def test_two_connections_that_are_one_are_found_out() -> None:
    shared = FakeServer()
    with pytest.raises(PoolerLeaks, match="mixes councils up"):
        pooler.refuse_leak(lambda: shared)  # type: ignore[arg-type, return-value]


def test_two_connections_that_are_two_pass() -> None:
    pooler.refuse_leak(FakeServer)  # type: ignore[arg-type]


class FakeCursor:
    """Answers with the tables it is told stand in `public`, of those asked for."""

    def __init__(self, standing: set[str]) -> None:
        self.standing = standing
        self.asked: list[str] = []

    def execute(self, _statement: str, parameters: list[list[str]]) -> None:
        (self.asked,) = parameters

    def fetchall(self) -> list[tuple[str]]:
        return [(name,) for name in self.asked if name in self.standing]


@pytest.mark.parametrize("table", ["ledger_line", "receipts_receipt", "imports_importfile"])
def test_a_table_of_the_product_in_public_is_refused(
    monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    cursor = FakeCursor({table, "ims_tenants_council"})

    def open_cursor() -> AbstractContextManager[FakeCursor]:
        return nullcontext(cursor)

    monkeypatch.setattr(checks, "connection", SimpleNamespace(cursor=open_cursor))
    (error,) = checks.public_holds_no_product_table(databases=["default"])
    assert error.id == "ims_tenants.E007"
    assert table in error.msg
    assert "ims_tenants_council" not in cursor.asked
    cursor.standing.clear()
    assert checks.public_holds_no_product_table(databases=["default"]) == []
