"""What a council says about itself, in its own words."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ims.council.messages import MESSAGES

SEVERITIES = (
    ("information", "Information"),
    ("warning", "Warning"),
    ("urgent", "Urgent"),
)
PLACES = (("staff", "Staff pages"), ("payers", "Pages for payers"))


class CouncilSettings(models.Model):
    """The one row (pk 1) of what is true for the whole council.

    Its name on pages, colour and logo's mark stand on the council's row in public
    (ims_tenants.look). `keep_*` are years after the end of the financial year.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    short_name = models.CharField(max_length=30, blank=True)
    vat_number = models.CharField(max_length=14, blank=True)
    address = models.CharField(max_length=300, blank=True)
    help_contact = models.CharField(max_length=200, blank=True)
    show_logo = models.BooleanField(default=True)
    logo_path = models.CharField(max_length=200, blank=True)
    logo_type = models.CharField(max_length=20, blank=True)
    logo_mark = models.CharField(max_length=16, blank=True)
    keep_money_years = models.PositiveSmallIntegerField(default=6)
    keep_vat_years = models.PositiveSmallIntegerField(default=6)
    keep_payer_years = models.PositiveSmallIntegerField(default=6)
    keep_files_years = models.PositiveSmallIntegerField(default=6)
    keep_audit_years = models.PositiveSmallIntegerField(default=6)
    keep_sign_in_years = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="council_settings_one_row")
        ]

    def __str__(self) -> str:
        return "The council's settings"

    def holds_unseen(self, name: str) -> bool:
        """Whether the upload of this name among the record's fields is stored."""
        return name == "logo" and bool(self.logo_mark)


class Banner(models.Model):
    """A message across the top of pages, from one day to another (both included)."""

    code = models.CharField(max_length=20, unique=True)
    severity = models.CharField(max_length=11, choices=SEVERITIES)
    words = models.CharField(max_length=160)
    places = ArrayField(models.CharField(max_length=6), default=list)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.words


class Wording(models.Model):
    """A message in the council's own words; while retired, the words it began with are used."""

    code = models.CharField(
        max_length=20, unique=True, choices=[(m.code, m.name) for m in MESSAGES.values()]
    )
    subject = models.CharField(max_length=150)
    body = models.TextField(max_length=4000)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return MESSAGES[self.code].name
