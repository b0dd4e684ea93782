"""Two people add a record with the same key at the same instant."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from ims.funds.models import MethodOfPayment
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import services
from ims_kernel.records.errors import RecordKeyTaken
from ims_kernel.records.fields import Values
from ims_kernel.records.storing import set_columns
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.threads import at_once
from tests.ims_kernel.records.conftest import METHODS, NEW, asked


@pytest.mark.committed
def test_two_who_add_the_same_key_at_once_make_one_record(
    committed_councils: tuple[Council, Council], actor: Actor
) -> None:
    council, other = committed_councils
    both = threading.Barrier(2)

    def store(instance: Any, values: Values) -> None:
        """Each has seen that the key is free before either of them writes."""
        both.wait(timeout=30)
        set_columns(METHODS, instance, values)
        instance.save()

    kind = replace(METHODS, store=store)
    add = partial(services.save, kind, None, NEW, asked=asked(actor))
    results = at_once(council, [add, add])
    (refused,) = (each for each in results if isinstance(each, Exception))
    assert isinstance(refused, RecordKeyTaken)
    assert refused.message == "There is already a method PH, in use."
    assert refused.facts["field"] == "code"
    with enter(council):
        assert MethodOfPayment.objects.filter(code="PH").count() == 1
        told = AuditEvent.objects.filter(object_kind=METHODS.slug, object_id="PH")
        assert [event.act for event in told] == ["settings.add"]
    with enter(other):
        assert not MethodOfPayment.objects.filter(code="PH").exists()
