"""Profiles, rules, files and their rows."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from ims.imports import states


class ImportProfile(models.Model):
    """One kind of file the council receives: which account it is for, and how the money came."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    format_code = models.CharField(max_length=40, blank=True)  # empty: found by content
    bank_account = models.CharField(max_length=34, blank=True)  # empty: any account
    method_code = models.CharField(max_length=5)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="import_profile_code")]

    def __str__(self) -> str:
        return self.name


class ImportRule(models.Model):
    """A rule in its place. `conditions` and `action` have the shapes of ims.imports.rules.

    Rules are tried by `order`, then `code`.
    """

    # The database's own default keeps inserts of the release before this column working.
    code = models.CharField(max_length=40, db_default=Cast(RandomUUID(), models.CharField()))
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=list)
    action = models.JSONField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="import_rule_code"),
            models.UniqueConstraint(fields=["name"], name="import_rule_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """A file received, what it declares, and what became of it. Amounts in pence."""

    profile = models.ForeignKey(ImportProfile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    stored_path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(
        max_length=10,
        choices=[(state, state) for state in states.STATES],
        default=states.FIRST,
    )
    refusal = models.TextField(blank=True)
    format_code = models.CharField(max_length=40, blank=True)
    bank_account = models.CharField(max_length=34, blank=True)
    statement_id = models.CharField(max_length=80, blank=True)
    content_key = models.CharField(max_length=32, blank=True)
    rules_key = models.CharField(max_length=32, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    total_pence = models.BigIntegerField(default=0)
    declared_pence = models.BigIntegerField(null=True)
    rejected_count = models.PositiveIntegerField(default=0)
    rejected_pence = models.BigIntegerField(default=0)
    posted_count = models.PositiveIntegerField(default=0)
    posted_pence = models.BigIntegerField(default=0)
    parked_count = models.PositiveIntegerField(default=0)
    parked_pence = models.BigIntegerField(default=0)
    done_through = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=100)
    posting_by = models.CharField(max_length=100, blank=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=~Q(state=states.REJECTED), name="import_file_once"
            ),
            models.UniqueConstraint(
                fields=["content_key"],
                condition=~Q(state=states.REJECTED) & ~Q(content_key=""),
                name="import_content_once",
            ),
        ]
        indexes = [models.Index(fields=["-received_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of a file and what it does. Kept, so that every penny stays explained."""

    class Outcome(models.TextChoices):
        POST = states.POST, "Post"
        PARK = states.PARK, "Suspense"
        REJECT = states.REJECT, "Rejected"

    pk = models.CompositePrimaryKey("import_file_id", "row_number")
    import_file_id = models.BigIntegerField()
    row_number = models.PositiveIntegerField()
    line_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    fund_code = models.CharField(max_length=5, blank=True)
    account_reference = models.CharField(max_length=40, blank=True)
    rule_id = models.BigIntegerField(null=True)
    reason_code = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    amount_pence = models.BigIntegerField(null=True)
    received_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    payer = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    narrative = models.CharField(max_length=500, blank=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    bank_code = models.CharField(max_length=16, blank=True)
    text = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"Row {self.row_number} of import {self.import_file_id}"
