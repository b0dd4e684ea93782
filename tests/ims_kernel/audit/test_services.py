"""An act is recorded in the transaction of the change, or neither exists."""

from __future__ import annotations

import pytest
from django.db import transaction

from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.selectors import history_of
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, TESTER


def test_an_act_is_kept_with_who_when_why_and_its_facts(council: Council) -> None:
    actor = Actor("Priya", user_id=7)
    record(actor, "tests.try", Subject("thing", 12), at=AT, reason="Because", pence=5)
    (event,) = history_of("thing", 12)
    assert (event.actor_name, event.actor_id, event.act, event.at) == ("Priya", 7, "tests.try", AT)
    assert (event.reason, event.facts) == ("Because", {"pence": 5})


def test_an_act_of_a_change_that_is_rolled_back_is_not_kept(council: Council) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(TESTER, "tests.try", Subject("thing", 12), at=AT)
        raise ZeroDivisionError
    assert AuditEvent.objects.count() == 0


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
