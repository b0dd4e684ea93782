"""Entries, lines, periods and sealed blocks.

Entries and lines have no foreign keys to check row by row: the trigger on lines (migration 0002)
checks every statement as a whole, for raw SQL too, at a fraction of the cost.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ims.ledger.entries import Kind
from ims_kernel.sealing.blocks import SealedBlock


class Period(models.Model):
    """An accounting month. `year` is the year the financial year starts in; month 1 is April."""

    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="period_unique"),
            models.UniqueConstraint(fields=["starts_on"], name="period_starts_once"),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, ends_on__gt=models.F("starts_on")),
                name="period_sensible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


class Entry(models.Model):
    """One event in the cash book. Append-only."""

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    received_on = models.DateField()
    posted_at = models.DateTimeField()
    line_count = models.PositiveSmallIntegerField()
    total_pence = models.BigIntegerField()
    actor_name = models.CharField(max_length=100)
    narrative = models.CharField(max_length=500, blank=True)
    idempotency_key = models.CharField(max_length=80, null=True)  # noqa: DJ001 - no key is not ""
    corrects = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="corrections",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(line_count__gte=1), name="entry_has_lines"),
            models.CheckConstraint(
                condition=Q(kind__in=["receipt", "refund", "reversal"]) | Q(total_pence=0),
                name="entry_moves_net_zero",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="entry_once_per_key",
            ),
            # One reversal for each entry, however many people press at once.
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(kind="reversal"), name="entry_reversed_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="entry_corrects"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Line(models.Model):
    """One signed amount of an entry, into a fund when positive. Append-only."""

    entry = models.ForeignKey(
        Entry,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="lines",
    )
    position = models.PositiveSmallIntegerField()
    fund = models.ForeignKey(
        "funds.Fund", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    method = models.ForeignKey(
        "funds.MethodOfPayment", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    vat_code = models.ForeignKey(
        "funds.VatCode", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        Period, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    account_reference = models.CharField(max_length=40, blank=True)
    amount_pence = models.BigIntegerField()
    vat_basis_points = models.PositiveIntegerField()
    vat_pence = models.BigIntegerField()
    received_on = models.DateField()
    effective_on = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="line_position_once"),
            models.CheckConstraint(condition=~Q(amount_pence=0), name="line_moves_money"),
            models.CheckConstraint(
                condition=Q(amount_pence__gt=-(10**12), amount_pence__lt=10**12),
                name="line_amount_sensible",
            ),
        ]
        indexes = [
            models.Index(fields=["received_on", "id"], name="line_by_day"),
            models.Index(fields=["fund", "received_on", "id"], name="line_by_fund"),
            models.Index(fields=["account_reference", "id"], name="line_by_account"),
            models.Index(fields=["amount_pence", "id"], name="line_by_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.position}"


class Block(SealedBlock):
    """A run of entries, sealed. Append-only."""

    line_count = models.PositiveIntegerField()


class Marker(models.Model):
    """Whose schema this is. A posting asserts it, so money cannot land in another council's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    council_uuid = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="marker_one")]

    def __str__(self) -> str:
        return str(self.council_uuid)
