"""Changes that wait for a second person."""

from __future__ import annotations

import pytest

from ims.imports.models import ImportProfile
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.errors import (
    ChangeDecided,
    ChangedMeanwhile,
    OwnChange,
    RecordNotFound,
)
from ims_tenants.models import Council
from tests.ims_kernel.records.conftest import PROFILES, asked

MAY = frozenset({"imports.post"})
PRIYA, GRACE = Actor("Priya", 1, MAY), Actor("Grace", 2, MAY)
GIVEN = {"code": "post", "name": "Post room", "method_code": "BANK"}


def proposed() -> int:
    saved = services.save(PROFILES, None, GIVEN, asked=asked(PRIYA))
    assert saved.waiting
    assert not saved.changed
    return selectors.waiting_changes()[0].pk


def test_a_change_waits_and_is_made_by_somebody_else(council: Council) -> None:
    change = proposed()
    assert not ImportProfile.objects.filter(code="post").exists()
    services.approve(change, actor=GRACE, at=clock.now(), reason="Agreed")
    assert ImportProfile.objects.get(code="post").name == "Post room"
    assert selectors.waiting_changes() == []
    own = AuditEvent.objects.filter(object_kind=PROFILES.slug).order_by("id")
    acts = list(own.values_list("act", "actor_name"))
    assert acts == [
        ("settings.propose", "Priya"),
        ("settings.approve", "Grace"),
        ("settings.add", "Grace"),
    ]
    assert "proposed by Priya" in AuditEvent.objects.latest("id").reason


def test_nobody_approves_their_own_but_may_take_it_back(council: Council) -> None:
    change = proposed()
    with pytest.raises(OwnChange, match="somebody else must approve"):
        services.approve(change, actor=PRIYA, at=clock.now())
    services.refuse(change, actor=PRIYA, at=clock.now(), reason="Wrong code")
    assert not ImportProfile.objects.filter(code="post").exists()


def test_a_decision_is_made_once(council: Council) -> None:
    change = proposed()
    services.refuse(change, actor=GRACE, at=clock.now(), reason="No")
    with pytest.raises(ChangeDecided, match="refused already"):
        services.approve(change, actor=GRACE, at=clock.now())
    with pytest.raises(RecordNotFound):
        services.approve(change + 1, actor=GRACE, at=clock.now())


def test_a_decision_needs_the_permission(council: Council) -> None:
    change = proposed()
    with pytest.raises(NotAllowed):
        services.approve(change, actor=Actor("Owen", 3), at=clock.now())
    found = selectors.find_change(change)
    assert found is not None
    assert found.state == "waiting"


def test_what_changed_since_is_not_approved_unseen(council: Council) -> None:
    services.approve(proposed(), actor=GRACE, at=clock.now())
    seen = selectors.get(PROFILES, "post").digest
    services.save(PROFILES, "post", {"name": "Post"}, asked=asked(PRIYA, seen=seen))
    (change,) = selectors.waiting_changes()
    ImportProfile.objects.filter(code="post").update(name="Letters")
    with pytest.raises(ChangedMeanwhile):
        services.approve(change.pk, actor=GRACE, at=clock.now())
    assert ImportProfile.objects.get(code="post").name == "Letters"
    assert len(selectors.waiting_changes()) == 1


def test_retiring_waits_too(council: Council) -> None:
    services.approve(proposed(), actor=GRACE, at=clock.now())
    assert services.retire(PROFILES, "post", asked=asked(PRIYA)).waiting
    assert ImportProfile.objects.get(code="post").is_active
    services.approve(selectors.waiting_changes()[0].pk, actor=GRACE, at=clock.now())
    assert not ImportProfile.objects.get(code="post").is_active
    assert services.restore(PROFILES, "post", asked=asked(PRIYA)).waiting
    services.approve(selectors.waiting_changes()[0].pk, actor=GRACE, at=clock.now())
    assert ImportProfile.objects.get(code="post").is_active
