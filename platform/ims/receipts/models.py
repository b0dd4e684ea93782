"""Who paid and what they wrote: the part of a receipt that may one day be erased.

Personal data stands here and never in the sealed ledger.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Receipt(models.Model):
    """The payer's side of a receipt entry. Its number is the entry's id, written by references."""

    entry_id = models.BigIntegerField(primary_key=True)
    payer = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    narrative = models.CharField(max_length=500, blank=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    import_file_id = models.BigIntegerField(null=True)
    line_number = models.BigIntegerField(null=True)
    rule_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            # Each row of a file is taken once, whatever is killed, repeated or raced.
            models.UniqueConstraint(
                fields=["import_file_id", "line_number"],
                condition=Q(import_file_id__isnull=False),
                name="receipt_once_per_row",
            )
        ]

    def __str__(self) -> str:
        return f"Receipt {self.entry_id}"
