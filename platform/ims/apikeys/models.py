"""Keys of the council's API."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiKey(models.Model):
    """A key of one system. Only the hash of its secret is kept, so it is shown once.

    `addresses` are networks (CIDR) it may be used from; none means anywhere. `minute` and
    `used_this_minute` count its use for the limit, in one place for every process.
    """

    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    addresses = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=100, blank=True)
    last_used_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)
    used_this_minute = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
