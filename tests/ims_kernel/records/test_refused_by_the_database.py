"""A rule of the database without words, and settings there are one of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ims.funds.models import MethodOfPayment
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import services
from ims_kernel.records.errors import RecordRefused
from ims_tenants.models import Council
from tests.ims_kernel.records.conftest import METHODS, NEW, asked


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
