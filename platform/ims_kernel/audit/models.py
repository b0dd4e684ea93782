"""One row for each act that changed something."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """An act. The database refuses UPDATE, DELETE and TRUNCATE (migration 0002)."""

    at = models.DateTimeField()
    actor_name = models.CharField(max_length=100)
    actor_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id", "id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.act} {self.object_kind} {self.object_id}"
