"""A council and the one in which its people train: who made the pair, and what cannot be one.

The pair decides whose settings a council may read, so operators alone make it (docs/adr/0024).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor
from ims_tenants import lifecycle
from ims_tenants.current import enter, public
from ims_tenants.errors import TrainingPairRefused
from ims_tenants.models import Council


def pair(training: Council, live: Council, *, actor: Actor, at: datetime) -> None:
    """Make `training` the training council of `live`. Making the same pair again does nothing.

    Recorded in the operators' trail and in both councils' own. Raises TrainingPairRefused.
    """
    with public(), transaction.atomic():
        locked = _locked(training, live)
        there, other = locked[training.pk], locked[live.pk]
        if there.training_for_id == other.pk:
            return
        _check(there, other)
        there.training_for = other
        there.save(update_fields=["training_for"])
        for place in (public(), enter(there), enter(other)):
            with place:
                record(
                    actor, "councils.pair", _subject(there), at=at,
                    after={"training": there.name, "training_for": other.name},
                )  # fmt: skip
    training.training_for = other


def unpair(training: Council, *, actor: Actor, at: datetime) -> None:
    """End the pair: nobody reads this council's settings any more. Recorded as making it is.

    Raises TrainingPairRefused when it trains for no council.
    """
    with public(), transaction.atomic():
        there: Council = Council.objects.select_for_update().get(pk=training.pk)
        other = there.training_for
        if other is None:
            raise TrainingPairRefused(f"{there.name} is no training council.")
        there.training_for = None
        there.save(update_fields=["training_for"])
        for place in (public(), enter(there), enter(other)):
            with place:
                record(
                    actor, "councils.unpair", _subject(there), at=at,
                    before={"training": there.name, "training_for": other.name},
                )  # fmt: skip
    training.training_for = None


def _locked(*councils: Council) -> dict[int, Council]:
    keys = [council.pk for council in councils]
    # In one order, so that two pairings of the same councils cannot wait for each other.
    return {
        each.pk: each
        for each in Council.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }


def _check(training: Council, live: Council) -> None:
    if training.pk == live.pk:
        raise TrainingPairRefused(f"{live.name} cannot be its own training council.")
    for each in (training, live):
        if each.state == lifecycle.CLOSED:
            raise TrainingPairRefused(f"{each.name} is closed.")
    if training.training_for is not None:
        raise TrainingPairRefused(
            f"{training.name} is the training council of {training.training_for.name} already. "
            "End that with `ims council unpair`."
        )
    if live.training_for is not None:
        raise TrainingPairRefused(
            f"{live.name} is a training council itself, so it cannot have one."
        )
    for each in (training, live):
        has = Council.objects.filter(training_for=each).first()
        if has is not None:
            raise TrainingPairRefused(f"{each.name} has a training council: {has.name}.")


def _subject(training: Council) -> Subject:
    return Subject("council", str(training.uuid))
