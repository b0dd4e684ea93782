"""Layouts, runs, and which ledger line left in which run."""

from __future__ import annotations

from django.db import models

from ims.exports.states import FIRST, State
from ims_kernel.money import format_pounds

GENERAL_LEDGER = "general_ledger"


class ExportLayout(models.Model):
    """How a ledger file is written: the definition is docs/reference/export-layouts.md as JSON.

    `shipped_code` is the definition of the product that it started from, if it did.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    feed = models.CharField(max_length=20, default=GENERAL_LEDGER)
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    shipped_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="export_layout_code_unique")]

    def __str__(self) -> str:
        return self.name


class ExportRun(models.Model):
    """One ledger file, with the definition it was made by and what it adds up to.

    `line_count` and `net_pence` are ledger lines, money in above zero. `record_count` to
    `contra_pence` are the file's own totals (ims.exports.rows.Totals).
    """

    layout = models.ForeignKey(ExportLayout, on_delete=models.PROTECT)
    layout_version = models.PositiveIntegerField()
    definition = models.JSONField()
    feed = models.CharField(max_length=20)
    state = models.CharField(
        max_length=8, choices=[(state.value, state.value) for state in State], default=FIRST.value
    )
    up_to_on = models.DateField(null=True, blank=True)
    through_line_id = models.BigIntegerField(default=0)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    line_count = models.PositiveIntegerField(default=0)
    net_pence = models.BigIntegerField(default=0)
    record_count = models.PositiveIntegerField(default=0)
    contra_count = models.PositiveIntegerField(default=0)
    debit_pence = models.BigIntegerField(default=0)
    credit_pence = models.BigIntegerField(default=0)
    contra_pence = models.BigIntegerField(default=0)
    hash_total = models.BigIntegerField(default=0)
    file_name = models.CharField(max_length=80, blank=True)
    storage_path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.reference}: {self.line_count:,} lines, {format_pounds(self.net_pence)}"

    @property
    def reference(self) -> str:
        """The number of the run as people and the file write it, such as `GL-000017`."""
        return f"GL-{self.pk:06d}"


class ExportedLine(models.Model):
    """A ledger line that has left, or is about to. The key is what makes it leave once.

    A run that is rejected or fails gives its lines back by deleting these rows.
    """

    pk = models.CompositePrimaryKey("feed", "line_id")
    feed = models.CharField(max_length=20)
    line_id = models.BigIntegerField()
    run = models.ForeignKey(
        ExportRun, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )

    class Meta:
        indexes = [models.Index(fields=["run", "line_id"], name="export_line_by_run")]

    def __str__(self) -> str:
        return f"Line {self.line_id} in run {self.run_id}"
