"""Data keys, wrapped. The table stands in `public`, apart from the data it protects."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DataKey(models.Model):
    """One data key of one council (or of the platform: scope `public`), wrapped.

    `wrapped_by` is the name of the key-encryption key that opens it (envelope.key_id).
    """

    scope = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "number"], name="crypto_data_key_unique")
        ]

    def __str__(self) -> str:
        return f"Data key {self.number} of {self.scope}"
