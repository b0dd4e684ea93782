"""People and roles of one council, or of the platform in the public schema."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.Model):
    """A named set of permissions from the registry."""

    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in. E-mail addresses are stored in lower case."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    roles = models.ManyToManyField(Role, related_name="users", blank=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.name
