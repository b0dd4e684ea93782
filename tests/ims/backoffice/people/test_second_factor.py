"""Resetting somebody's second factor on their page."""

from __future__ import annotations

from ims_kernel.audit.models import AuditEvent
from ims_kernel.signin import factors
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import make_person_with_app

MAY = ["people.view", "people.manage", "signin.reset_factor"]


def test_a_manager_resets_it_with_a_reason(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    priya = make_person_with_app(northmoor)
    theirs = make_person_with_app(eastshire)
    client = client_for(northmoor, MAY)
    address = f"/settings/people/{priya.user.pk}/second-factor"
    assert address in client.get(f"/settings/people/{priya.user.pk}").content.decode()
    assert "stop working" in text_of(client.get(address))
    assert client.post(address, {}).status_code == 400
    answer = client.post(address, {"reason": "Lost phone, called back"}, follow=True)
    assert "is reset" in text_of(answer)
    assert "has no second factor set up" in text_of(answer)
    with enter(northmoor):
        assert not factors.of(priya.user).any
        event = AuditEvent.objects.get(act="signin.reset_factor")
        assert (event.reason, event.object_kind) == ("Lost phone, called back", "person")
    with enter(eastshire):
        assert factors.of(theirs.user).any


def test_not_without_the_permission_and_not_ones_own(
    northmoor: Council, client_for: ClientFor
) -> None:
    priya = make_person_with_app(northmoor)
    reader = client_for(northmoor, ["people.view", "people.manage"])
    address = f"/settings/people/{priya.user.pk}/second-factor"
    assert reader.post(address, {"reason": "x"}).status_code == 403
    assert address not in reader.get(f"/settings/people/{priya.user.pk}").content.decode()
    manager = client_for(northmoor, MAY)
    own = f"/settings/people/{manager.user.pk}/second-factor"  # type: ignore[attr-defined]
    assert manager.post(own, {"reason": "x"}).status_code in {403, 409}
    assert own not in manager.get(own.rsplit("/", 1)[0]).content.decode()
    with enter(northmoor):
        assert factors.of(priya.user).any
