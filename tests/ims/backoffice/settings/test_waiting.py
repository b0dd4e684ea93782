"""Changes that wait for a second person."""

from __future__ import annotations

import pytest
from django.test import Client

from ims.imports.models import ImportProfile
from ims_kernel.records import selectors
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import EVERY_PAGE, error_links, opened

GIVEN = {
    "code": "post", "name": "Post room", "method_code": "BANK", "change-reason": "A new bank"
}  # fmt: skip


@pytest.fixture
def other(own_kinds: None, council: Council, client_for: ClientFor) -> Client:
    """A second person at Northmoor."""
    return client_for(council)


def proposed(client: Client) -> str:
    """The address of a change that the client proposes."""
    answer = client.post("/settings/profiles/add", GIVEN, follow=True)
    assert answer.redirect_chain[-1][0] == "/settings/changes"
    return f"/settings/changes/{selectors.waiting_changes()[-1].pk}"


def test_nothing_waits_at_first(client: Client) -> None:
    assert "No change waits" in text_of(client.get("/settings/changes"))


def test_a_change_waits_and_everybody_sees_it(client: Client, other: Client) -> None:
    assert "Somebody else must approve this" in text_of(client.get("/settings/profiles/add"))
    without = {name: value for name, value in GIVEN.items() if name != "change-reason"}
    assert error_links(client.post("/settings/profiles/add", without))
    page = proposed(client)
    assert not ImportProfile.objects.filter(code="post").exists()
    assert "1 change waits for a second person" in text_of(client.get("/settings"))
    words = text_of(client.get("/settings/changes"))
    assert "Post room" in words
    assert "Somebody else: it is yours" in words
    assert "Somebody else" not in text_of(other.get("/settings/changes"))
    words = text_of(other.get(page))
    assert "Way to pay BANK" in words
    assert "A new bank" in words


def test_the_proposer_cannot_approve_and_the_page_says_so(client: Client) -> None:
    page = proposed(client)
    html = client.get(page)
    assert "You proposed this change, so somebody else must approve it" in text_of(html)
    assert 'name="approve"' not in html.content.decode()
    words = text_of(client.post(page, {"approve": "1"}, follow=True))
    assert "Warning You proposed this change" in words
    assert not ImportProfile.objects.filter(code="post").exists()
    client.post(page, {"refuse": "1", "reason": "Wrong code"})
    assert selectors.waiting_changes() == []


def test_somebody_else_approves(client: Client, other: Client) -> None:
    page = proposed(client)
    words = text_of(other.post(page, {"approve": "1", "reason": "Agreed"}, follow=True))
    assert "the change is made" in words
    assert ImportProfile.objects.get(code="post").name == "Post room"
    words = text_of(other.get(page))
    assert "Approved" in words
    assert "Agreed" in words
    assert "Decide" not in words
    again = text_of(other.post(page, {"refuse": "1", "reason": "Late"}, follow=True))
    assert "This change was approved already" in again


def test_refusing_needs_a_reason(client: Client, other: Client) -> None:
    page = proposed(client)
    answer = other.post(page, {"refuse": "1"})
    assert error_links(answer) == {"Enter why you refuse this change": "id_reason"}
    assert len(selectors.waiting_changes()) == 1
    other.post(page, {"refuse": "1", "reason": "Not agreed"})
    assert selectors.waiting_changes() == []
    assert not ImportProfile.objects.filter(code="post").exists()


def test_a_record_says_that_a_change_to_it_waits(client: Client, other: Client) -> None:
    path = "/settings/profiles/bank"
    given = opened(client, f"{path}/edit") | {"name": "Main bank", "change-reason": "Clearer"}
    client.post(f"{path}/edit", given)
    words = text_of(client.get(path))
    assert "proposed a change, and a second person must approve it" in words
    assert "Change proposed" in words
    page = f"/settings/changes/{selectors.waiting_changes()[0].pk}"
    ImportProfile.objects.filter(code="bank").update(name="Meanwhile")
    words = text_of(other.post(page, {"approve": "1"}, follow=True))
    assert "changed by somebody else" in words
    assert ImportProfile.objects.get(code="bank").name == "Meanwhile"


def test_retiring_and_restoring_wait_too(client: Client, other: Client) -> None:
    for step, active in (("retire", False), ("restore", True)):
        path = f"/settings/profiles/bank/{step}"
        given = opened(client, path) | {"change-reason": "Closed"}
        client.post(path, given)
        assert ImportProfile.objects.get(code="bank").is_active is not active
        (change,) = selectors.waiting_changes()
        other.post(f"/settings/changes/{change.pk}", {"approve": "1"})
        assert ImportProfile.objects.get(code="bank").is_active is active


def test_who_may_not_change_the_kind_decides_nothing(
    client: Client, council: Council, client_for: ClientFor
) -> None:
    page = proposed(client)
    reader = client_for(council, ["settings.view"])
    words = text_of(reader.get(page))
    assert "You can look at this change" in words
    for given in ({"approve": "1"}, {"refuse": "1", "reason": "No"}):
        assert reader.post(page, given).status_code == 403
    assert len(selectors.waiting_changes()) == 1
    assert client_for(council, ["imports.post"]).get("/settings/changes").status_code == 403


def test_the_list_takes_the_same_queries_for_one_change_as_for_many(client: Client) -> None:
    proposed(client)
    with counted() as one:
        client.get("/settings/changes")
    for _ in range(20):
        proposed(client)
    with counted() as many:
        client.get("/settings/changes")
    assert len(one) == len(many) == EVERY_PAGE + 1, "\n".join(many)
