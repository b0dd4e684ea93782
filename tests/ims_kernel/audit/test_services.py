"""An act is recorded in the transaction of the change, or neither exists."""

from __future__ import annotations

import pytest
from django.db import transaction

from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record, record_read
from ims_kernel.identity.permissions import Actor
from ims_kernel.origin import Origin, coming_from
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, TESTER
from tests.ims.backoffice.bank_day import counted


def test_an_act_is_kept_with_who_when_why_and_its_facts(council: Council) -> None:
    actor = Actor("Priya", user_id=7)
    record(actor, "tests.try", Subject("thing", 12), at=AT, reason="Because", pence=5)
    (event,) = history_of("thing", 12)
    assert (event.actor_name, event.actor_id, event.act, event.at) == ("Priya", 7, "tests.try", AT)
    assert (event.reason, event.facts) == ("Because", {"pence": 5})


def test_what_changed_and_where_it_came_from_are_kept(council: Council) -> None:
    support = Actor("Sam of support", user_id=3, on_behalf_of=Actor("Priya", user_id=7))
    with coming_from(Origin("web", "f" * 32, "203.0.113.9")):
        record(
            support, "tests.try", Subject("thing", 1), at=AT,
            before={"name": "Old", "key": "changed"}, after={"name": "New", "key": "changed"},
        )  # fmt: skip
    record(Actor("Priya"), "tests.try", Subject("thing", 2), at=AT)
    (event,), (other,) = history_of("thing", 1), history_of("thing", 2)
    assert (event.behalf_name, event.behalf_id) == ("Priya", 7)
    assert (event.source, event.request_id, event.address) == ("web", "f" * 32, "203.0.113.9")
    assert event.before == {"name": "Old", "key": "changed"}
    assert event.after == {"name": "New", "key": "changed"}
    assert (other.behalf_name, other.behalf_id, other.before, other.after) == ("", None, None, None)
    assert (other.source, other.request_id, other.address) == ("", "", None)


def test_a_look_at_something_sensitive_is_one_row(council: Council) -> None:
    with counted() as queries:
        record_read(TESTER, Subject("thing", 1), at=AT)
    assert len(queries) == 1
    record_read(TESTER, Subject("thing", 1), at=AT, act="thing.download", rows=3)
    seen, taken = AuditEvent.objects.filter(object_kind="thing").order_by("id")
    # A look is no part of what became of the thing.
    assert history_of("thing", 1) == [taken]
    assert (seen.act, seen.facts) == ("thing.read", {})
    assert (taken.act, taken.facts) == ("thing.download", {"rows": 3})


def test_an_act_of_a_change_that_is_rolled_back_is_not_kept(council: Council) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(TESTER, "tests.try", Subject("thing", 12), at=AT)
        raise ZeroDivisionError
    assert AuditEvent.objects.count() == before


def test_a_long_name_or_reason_does_not_stop_the_change(council: Council) -> None:
    record(Actor("N" * 150), "tests.try", Subject("thing", 1), at=AT, reason="R" * 600)
    (event,) = history_of("thing", 1)
    assert (event.actor_name, event.reason) == ("N" * 100, "R" * 500)


def test_history_is_of_one_thing_in_one_council_newest_first(
    northmoor: Council, eastshire: Council
) -> None:
    with enter(northmoor):
        for number in range(3):
            record(TESTER, f"tests.step{number}", Subject("thing", 1), at=AT)
        record(TESTER, "tests.other", Subject("thing", 2), at=AT)
    with enter(eastshire):
        assert history_of("thing", 1) == []
    with enter(northmoor):
        acts = [event.act for event in history_of("thing", 1, limit=2)]
    assert acts == ["tests.step2", "tests.step1"]
