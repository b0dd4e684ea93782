"""How a council's people sign in, and how often somebody has tried."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ims_kernel.crypto.fields import EncryptedTextField

DEFAULT_IDLE_MINUTES = 60


class SignInSettings(models.Model):
    """A council's choices, in one row with pk 1. Without the row the defaults hold."""

    class SecondFactor(models.TextChoices):
        REQUIRED = "required", "Everybody who signs in with a password"
        OPTIONAL = "optional", "Only those who set one up"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    allows_passwords = models.BooleanField(default=True)
    second_factor = models.CharField(
        max_length=8, choices=SecondFactor.choices, default=SecondFactor.REQUIRED
    )
    idle_minutes = models.PositiveSmallIntegerField(default=DEFAULT_IDLE_MINUTES)
    provider_is_on = models.BooleanField(default=False)
    provider_name = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    client_id = models.CharField(max_length=191, blank=True)
    client_secret = EncryptedTextField(null=True)
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    tenant_id = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="signin_one_row"),
            models.CheckConstraint(
                condition=models.Q(second_factor__in=["required", "optional"]),
                name="signin_second_factor_known",
            ),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__gte=5, idle_minutes__lte=480),
                name="signin_idle_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(allows_passwords=True) | models.Q(provider_is_on=True),
                name="signin_some_way_in",
            ),
        ]

    def __str__(self) -> str:
        return "How people sign in"


class Tries(models.Model):
    """How often one thing was tried by one subject until `ends_at`.

    The key is a digest, so that no e-mail or network address is kept here. Rows are changed by one
    statement (signin.limits), so that processes count together.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%H:%M:%S}"
