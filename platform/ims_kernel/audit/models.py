"""One row for each act that changed something, or that read what is sensitive."""

from __future__ import annotations

from django.db import models

from ims_kernel.sealing.blocks import SealedBlock

# A longer name, such as a long import rule's, is cut when it is written and when it is looked for.
OBJECT_LENGTH = 64


class AuditEvent(models.Model):
    """An act. The database refuses UPDATE, DELETE and TRUNCATE (migration 0002).

    `behalf_name` and `behalf_id` are the person an act was done for by somebody else, such as the
    worker. `before` and `after` hold the fields that changed, secrets as the word `changed` only.
    `source`, `request_id` and `address` say where it came from (ims_kernel.origin).
    """

    at = models.DateTimeField()
    actor_name = models.CharField(max_length=100)
    actor_id = models.BigIntegerField(null=True)
    behalf_name = models.CharField(max_length=100, blank=True, db_default="")
    behalf_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=OBJECT_LENGTH)
    facts = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=40, blank=True, db_default="")
    request_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            # The history of one thing.
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_object"),
            # The page: everything newest first, or from a day to a day; the rest is filtered on
            # the way. Rare acts have one of their own: else the whole trail is read for three rows.
            models.Index(fields=["at", "id"], name="audit_by_time"),
            models.Index(fields=["act", "at", "id"], name="audit_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_kind} {self.object_id}"


class AuditBlock(SealedBlock):
    """A run of events, sealed. Append-only."""
