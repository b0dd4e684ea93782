"""A council's accounts at payment providers."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ims_kernel.crypto.fields import EncryptedJSONField

MODES = (("test", "Test: no real money"), ("live", "Live: real money"))
CHANNELS = (
    ("web", "Online: the payer pays"),
    ("telephone", "Telephone: staff send the payer’s call to a card page"),
    ("recurring", "Regular payments by card"),
)


class ProviderAccount(models.Model):
    """One account at one provider, for one channel, in test or live mode.

    `credentials` is sealed (ims_kernel.crypto); `credentials_held` names which there are.
    `identifiers` are what people may see, such as a merchant ID. `funds` and `methods` are codes;
    empty means all. `revision` tells whether a check was made with what is stored now.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    provider = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    mode = models.CharField(max_length=4, choices=MODES)
    identifiers = models.JSONField(default=dict)
    credentials = EncryptedJSONField(null=True)
    credentials_held = ArrayField(models.CharField(max_length=40), default=list)
    funds = ArrayField(models.CharField(max_length=5), default=list)
    methods = ArrayField(models.CharField(max_length=5), default=list)
    minimum_pence = models.BigIntegerField(null=True)
    maximum_pence = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    check_ok = models.BooleanField(null=True)
    check_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=[mode for mode, _ in MODES]), name="provider_mode_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def holds_unseen(self, name: str) -> bool:
        """Whether the credential of this name among the record's fields is stored."""
        return name in {f"{self.provider}_{held}" for held in self.credentials_held}
