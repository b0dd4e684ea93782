"""What every sealed block holds."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SealedBlock(models.Model):
    """A run of rows, sealed: each block's hash covers the one before. Append-only.

    `digests` holds the first eight bytes of each row's digest in the order of `entry_ids`, so that
    a broken block names its first bad row.
    """

    number = models.BigIntegerField(primary_key=True)
    last_entry_id = models.BigIntegerField()
    entry_ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Block {self.number}"
