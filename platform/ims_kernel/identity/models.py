"""People, roles and grants of one council, or of the platform in the public schema."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ims_kernel.identity.states import State


class Role(models.Model):
    """A named set of permissions from the registry."""

    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    is_active = models.BooleanField(default=True, db_default=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in. E-mail addresses are stored in lower case.

    `state` is where they are in their life here (ims_kernel.identity.states); `is_active` says
    whether they can sign in, and follows it.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    state = models.CharField(
        max_length=8,
        choices=[(s.value, s.value) for s in State],
        default=State.ACTIVE.value,
        db_default=State.ACTIVE.value,
    )
    office_code = models.CharField(max_length=10, blank=True, default="", db_default="")
    joined_at = models.DateTimeField(null=True, blank=True)
    last_signed_in_at = models.DateTimeField(null=True, blank=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role a person holds: where, up to how much, and from when to when (both days included).

    `scope` is {dimension: [codes]}; a dimension that is not there is not limited. A grant is never
    changed or deleted: it is ended, and another is given.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    scope = models.JSONField(default=dict, blank=True)
    limit_pence = models.BigIntegerField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by_id = models.BigIntegerField(null=True, blank=True)
    granted_by = models.CharField(max_length=100)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_pence__isnull=True) | Q(limit_pence__gte=0),
                name="grant_limit_sensible",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grant_days_sensible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"


class GrantRequest(models.Model):
    """A grant that waits for a second person, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grant_requests")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grant_requests")
    scope = models.JSONField(default=dict, blank=True)
    limit_pence = models.BigIntegerField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    proposed_by_id = models.BigIntegerField(null=True, blank=True)
    proposed_by = models.CharField(max_length=100)
    proposed_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.state}"


class Invitation(models.Model):
    """A link that lets a person set a password once. Only the digest of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=100)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expires_at}"


class PeopleSettings(models.Model):
    """The council's own rules about people. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    dormant_after_days = models.PositiveSmallIntegerField(default=90)
    invitation_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="people_settings_one")]

    def __str__(self) -> str:
        return "People settings"


class SecondPersonRule(models.Model):
    """Whether an act needs a second person, from an amount in pence or always (None)."""

    act = models.CharField(max_length=60, unique=True)
    is_needed = models.BooleanField(default=True)
    over_pence = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(over_pence__isnull=True) | Q(over_pence__gte=0),
                name="second_person_over_sensible",
            )
        ]

    def __str__(self) -> str:
        return self.act
