"""Which council another one tries its settings in."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_tenants import current, pairing
from ims_tenants.current import enter, public
from ims_tenants.errors import NotInACouncil, TrainingPairRefused
from ims_tenants.models import Council
from tests.councils import OPERATOR, make_council, move


@pytest.fixture
def westwick(northmoor: Council, eastshire: Council) -> Council:
    """A third council."""
    return make_council("Westwick Council", "westwick.example", "district")


def pair(training: Council, live: Council) -> None:
    pairing.pair(training, live, actor=OPERATOR, at=clock.now())


def acts_in(council: Council | None) -> list[str]:
    with enter(council) if council else public():
        found = AuditEvent.objects.filter(act__in=("councils.pair", "councils.unpair"))
        return list(found.order_by("id").values_list("act", flat=True))


def training_of(council: Council) -> Council | None:
    with enter(council):
        return current.training_council()


def test_a_pair_goes_one_way_and_everybody_concerned_is_told(
    northmoor: Council, eastshire: Council, westwick: Council
) -> None:
    assert training_of(northmoor) is None
    pair(westwick, northmoor)
    pair(westwick, northmoor)
    assert training_of(northmoor) == westwick
    assert training_of(westwick) is None
    assert training_of(eastshire) is None
    for place in (None, northmoor, westwick):
        assert acts_in(place) == ["councils.pair"]
    assert acts_in(eastshire) == []
    pairing.unpair(westwick, actor=OPERATOR, at=clock.now())
    assert training_of(northmoor) is None
    for place in (None, northmoor, westwick):
        assert acts_in(place) == ["councils.pair", "councils.unpair"]
    assert acts_in(eastshire) == []
    with pytest.raises(TrainingPairRefused, match="is no training council"):
        pairing.unpair(westwick, actor=OPERATOR, at=clock.now())


def test_pairs_that_cannot_be(northmoor: Council, eastshire: Council, westwick: Council) -> None:
    with pytest.raises(TrainingPairRefused, match="its own training council"):
        pair(northmoor, northmoor)
    pair(westwick, northmoor)
    for training, live, words in (
        (westwick, eastshire, "Westwick Council is the training council of Northmoor"),
        (eastshire, northmoor, "Northmoor District Council has a training council: Westwick"),
        (northmoor, eastshire, "Northmoor District Council has a training council: Westwick"),
        (eastshire, westwick, "Westwick Council is a training council itself"),
    ):
        with pytest.raises(TrainingPairRefused, match=words):
            pair(training, live)
    assert training_of(northmoor) == westwick
    assert training_of(eastshire) is None
    assert acts_in(eastshire) == []


def test_a_training_council_that_is_not_open_is_not_read(
    northmoor: Council, westwick: Council
) -> None:
    pair(westwick, northmoor)
    move(westwick, "suspend")
    assert training_of(northmoor) is None
    move(westwick, "close")
    pairing.unpair(westwick, actor=OPERATOR, at=clock.now())
    with pytest.raises(TrainingPairRefused, match="Westwick Council is closed"):
        pair(westwick, northmoor)


def test_outside_a_council_there_is_none(db: None) -> None:
    with public(), pytest.raises(NotInACouncil):
        current.training_council()


def test_the_database_refuses_two_and_oneself(
    northmoor: Council, eastshire: Council, westwick: Council
) -> None:
    pair(westwick, northmoor)
    with public():
        for training, live in ((eastshire, northmoor), (eastshire, eastshire)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Council.objects.filter(pk=training.pk).update(training_for=live)
