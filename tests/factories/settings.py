"""Changing settings in a test, and what the audit trail says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import ImsError
from ims_kernel.records import selectors, services
from ims_kernel.records.kinds import Kind
from ims_kernel.records.services import Asked
from tests.factories.drafts import AT, TESTER

ASKED = Asked(TESTER, AT, "Budget for next year")


def add(kind: Kind, **values: Any) -> str:
    """Add a record and return its key."""
    saved = services.save(kind, None, values, asked=ASKED)
    assert saved.changed
    return saved.key


def change(kind: Kind, key: str, **values: Any) -> bool:
    """Change a record; whether anything was different."""
    return services.save(kind, key, values, asked=ASKED).changed


def values_of(kind: Kind, key: str) -> dict[str, Any]:
    """A record's plain values."""
    return selectors.get(kind, key).values


def refusal(act: Callable[[], object]) -> tuple[str, dict[str, Any]]:
    """(words, facts) of what is refused; nothing may have been written to the audit trail."""
    before = AuditEvent.objects.count()
    with pytest.raises(ImsError) as refused:
        act()
    assert AuditEvent.objects.count() == before
    return refused.value.message, refused.value.facts


def refused(kind: Kind, key: str | None, **values: Any) -> tuple[str, str, int | None]:
    """(words, field, row) of a change that is refused."""
    words, facts = refusal(lambda: services.save(kind, key, values, asked=ASKED))
    return words, facts.get("field", ""), facts.get("row")


def audited() -> tuple[str, str, str, Any, Any]:
    """(act, key, reason, before, after) of the newest audit row."""
    event = AuditEvent.objects.latest("id")
    told = {**event.facts, **{k: v for k, v in vars(event).items() if k in ("before", "after")}}
    return event.act, event.object_id, event.reason, told["before"], told["after"]


def asks(act: Callable[[], object]) -> int:
    """How often the database is asked for rows. Saying whose schema it is does not count."""
    with CaptureQueriesContext(connection) as context:
        act()
    return sum(query["sql"].startswith("SELECT") for query in context.captured_queries)
