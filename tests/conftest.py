"""What every test stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.database import make_worker_database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the kept template instead of migrating every run."""
    with django_db_blocker.unblock():
        database = make_worker_database()
    yield
    with django_db_blocker.unblock():
        database.drop()
