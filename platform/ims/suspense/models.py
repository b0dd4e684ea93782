"""Items of suspense and the allocations that clear them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class SuspenseItem(models.Model):
    """One receipt waiting to be explained.

    `remaining_pence` is a cache of amount minus allocations, changed under lock in the same
    transaction as the allocation and proved by `ims verify`.
    """

    entry_id = models.BigIntegerField()
    amount_pence = models.BigIntegerField()
    remaining_pence = models.BigIntegerField()
    opened_on = models.DateField()
    reason_code = models.CharField(max_length=30)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry_id"], name="suspense_once_per_entry"),
            models.CheckConstraint(
                condition=Q(
                    amount_pence__gt=0,
                    remaining_pence__gte=0,
                    remaining_pence__lte=F("amount_pence"),
                )
                | Q(
                    amount_pence__lt=0,
                    remaining_pence__lte=0,
                    remaining_pence__gte=F("amount_pence"),
                ),
                name="suspense_remaining_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_on", "id"], condition=~Q(remaining_pence=0), name="suspense_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Suspense {self.pk}"


class Allocation(models.Model):
    """Part or all of an item, moved by one ledger entry."""

    item = models.ForeignKey(SuspenseItem, on_delete=models.PROTECT, related_name="allocations")
    entry_id = models.BigIntegerField(unique=True)
    amount_pence = models.BigIntegerField()
    allocated_at = models.DateTimeField()
    actor_name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.amount_pence}"
