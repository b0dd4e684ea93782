"""What every test stands on: two councils, a database cloned in a moment, and no network."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth import login
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from ims_kernel.identity import sessions
from ims_kernel.identity.models import User
from ims_kernel.identity.permissions import Actor, registered, system
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_tenants.current import enter
from ims_tenants.models import Council, Domain
from tests.councils import (
    EASTSHIRE_HOST,
    NORTHMOOR_HOST,
    fresh_council,
    standing_council,
)
from tests.database import make_worker_database

ClientFor = Callable[..., Client]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the kept template instead of migrating every run."""
    with django_db_blocker.unblock():
        database = make_worker_database()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Which host is which council is asked again in every test."""
    caches["shared"].clear()


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """Stored files go to a folder of the test's own."""
    settings.IMS_FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def northmoor(db: None) -> Council:
    """A district with starter data. Rolled back after the test."""
    return standing_council(NORTHMOOR_HOST)


@pytest.fixture
def eastshire(db: None) -> Council:
    """A unitary with other codes, the neighbour of every test."""
    return standing_council(EASTSHIRE_HOST)


@pytest.fixture
def council(northmoor: Council, eastshire: Council) -> Iterator[Council]:
    """Northmoor, entered; afterwards Eastshire must be exactly as it was."""
    before = fingerprint(eastshire)
    with enter(northmoor):
        yield northmoor
    assert fingerprint(eastshire) == before, "The neighbour council was changed."


@pytest.fixture
def committed_councils(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Council, Council]]:
    """Two councils of the test's own that really commit: for threads, processes and kills."""
    with (
        django_db_blocker.unblock(),
        fresh_council("district") as one,
        fresh_council("unitary") as other,
    ):
        before = fingerprint(other)
        yield one, other
        assert fingerprint(other) == before, "The neighbour council was changed."


@pytest.fixture
def actor() -> Actor:
    """Somebody who may do everything."""
    return system("Test")


@pytest.fixture
def client_for(db: None) -> ClientFor:
    """`client_for(council, permissions=None)`: a signed-in client on the council's own host.

    Permissions default to all there are. `client.user` is the person.
    """

    return signed_in


def signed_in(council: Council, permissions: list[str] | None = None) -> Client:
    """A client on the council's own host, with a person who holds exactly these permissions."""
    host = Domain.objects.get(tenant=council, is_primary=True).domain
    client = Client(headers={"host": host})
    with enter(council):
        client.user = make_user(permissions)  # type: ignore[attr-defined]
        request = HttpRequest()
        request.session = client.session
        login(request, client.user, "ims_kernel.identity.backends.EmailBackend")  # type: ignore[attr-defined]
        # As after signing in with a password and a code.
        request.session[sessions.FACTOR] = sessions.PASSED
        request.session.save()
        client.cookies["ims_session"] = str(request.session.session_key)
    return client


def make_user(permissions: list[str] | None = None) -> User:
    """A person in the council at hand, with a role of exactly these permissions."""
    mark = secrets.token_hex(4)
    wanted = sorted(registered()) if permissions is None else permissions
    ensure_roles([RolePreset(f"Role {mark}", "", wanted)])
    return create_user(
        email=f"{mark}@example.org", name=f"Person {mark}", password=None, roles=[f"Role {mark}"]
    )


def fingerprint(council: Council) -> list[tuple[str, int, str]]:
    """(table, rows, digest of the rows) for every table of a council.

    But not the seals of the audit trail: a worker that stands for a minute makes those everywhere.
    """
    from django.db import connection  # noqa: PLC0415 - pytest-django blocks it at import

    found = []
    with enter(council), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace "
            "AND relname <> 'audit_auditblock'",
            [council.schema_name],
        )
        for (table,) in sorted(cursor.fetchall()):
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
                f'FROM "{table}" t'
            )
            rows, digest = cursor.fetchone()
            found.append((table, rows, digest))
    return found
