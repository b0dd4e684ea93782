"""What only the database can notice: a key taken at the same instant, a rule without words."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ims.funds.models import MethodOfPayment
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import services
from ims_kernel.records.errors import RecordKeyTaken, RecordRefused
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


def test_a_rule_of_the_database_without_words_is_a_mistake_of_ours(
    council: Council, actor: Actor
) -> None:
    """Never told as a key that is taken: that would send people looking for what is not there."""
    silent = replace(METHODS, constraints={})
    with pytest.raises(IntegrityError, match="method_one_journal"), transaction.atomic():
        services.save(silent, None, {**NEW, "purpose": "journal"}, asked=asked(actor))
    services.save(silent, None, NEW, asked=asked(actor))
    events = AuditEvent.objects.count()
    with pytest.raises(IntegrityError, match="method_one_journal"), transaction.atomic():
        services.save(silent, "PH", {"purpose": "journal"}, asked=asked(actor))
    assert MethodOfPayment.objects.get(code="PH").purpose == "card"
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("step", [services.retire, services.restore])
def test_settings_there_are_one_of_are_neither_retired_nor_restored(
    council: Council, actor: Actor, step: Any
) -> None:
    events = AuditEvent.objects.count()
    kind = replace(METHODS, single=True, plural="money settings")
    with pytest.raises(RecordRefused, match="money settings cannot be retired: there is only one"):
        step(kind, "BANK", asked=asked(actor))
    assert MethodOfPayment.objects.get(code="BANK").is_active
    assert AuditEvent.objects.count() == events
