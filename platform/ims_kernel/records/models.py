"""Changes that wait for a second person."""

from __future__ import annotations

import uuid

from django.db import models

from ims_kernel.crypto.fields import EncryptedJSONField
from ims_kernel.records import states


class ProposedChange(models.Model):
    """A change to a setting, as it was asked for. `given` are the plain values of the form."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind_slug = models.CharField(max_length=40)
    key = models.CharField(max_length=60, blank=True)  # empty: a new record
    title = models.CharField(max_length=200)
    act = models.CharField(max_length=8, choices=[(act.value, act.value) for act in states.Act])
    # Sealed: the form may hold a credential.
    given = EncryptedJSONField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    seen = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in states.State],
        default=states.FIRST.value,
    )
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=100)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="records_waiting")]

    def __str__(self) -> str:
        return f"{self.act} {self.title}"
