"""A council and the hosts it answers to. Rows live in the public schema."""

from __future__ import annotations

import uuid

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from ims_tenants import lifecycle, schema_names


class Council(TenantMixin):  # type: ignore[misc]
    """One council: its own schema, its own hosts."""

    class State(models.TextChoices):
        DRAFT = lifecycle.DRAFT, "Draft"
        ONBOARDING = lifecycle.ONBOARDING, "Onboarding"
        LIVE = lifecycle.LIVE, "Live"
        SUSPENDED = lifecycle.SUSPENDED, "Suspended"
        CLOSED = lifecycle.CLOSED, "Closed"

    # Schemas are made by cloning in services.create_council, never as a side effect of save().
    auto_create_schema = False
    auto_drop_schema = False

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    display_name = models.CharField(max_length=100, blank=True)
    accent_colour = models.CharField(max_length=7, default="#1d4f91")
    # Tells one logo from the next in its address; the picture is in the council's own files.
    logo_mark = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    # The council whose people try their settings here first; one each. Set by operators only.
    training_for = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="training"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(training_for=models.F("id")), name="council_not_own_training"
            ),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=schema_names.PATTERN),
                name="council_schema_name",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=lifecycle.STATES), name="council_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(accent_colour__regex="^#[0-9a-f]{6}$"), name="council_colour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> None:
        raise TypeError("Use ims_tenants.current.enter(council): `with council:` mixes up threads.")

    @property
    def is_open(self) -> bool:
        """Whether staff can sign in and jobs may run."""
        return self.state in lifecycle.OPEN


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to a council."""

    def __str__(self) -> str:
        return str(self.domain)


class Anchor(models.Model):
    """The newest sealed block of a chain, kept apart from the chain (ims_kernel.sealing.anchors).

    `scope` is a council's uuid, or `public`. Rows only move forward; a restore begins a new series.
    """

    scope = models.CharField(max_length=36)
    chain = models.CharField(max_length=20)
    series = models.PositiveIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "chain", "series"], name="anchor_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.chain} of {self.scope}: block {self.number}"
