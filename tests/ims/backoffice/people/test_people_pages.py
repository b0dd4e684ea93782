"""The pages of people: what they show, what they refuse, and that nothing is changed then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity import people, selectors
from ims_kernel.identity.models import Grant, GrantRequest, SecondPersonRule, User
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.councils import NORTHMOOR_HOST
from tests.factories.people import SYSTEM, fund_groups, grant, person, role
from tests.ims_kernel.signin.people import browser, give_password

PASSWORD = "seven-green-kettles"


@pytest.fixture(autouse=True)
def groups() -> Iterator[None]:
    with fund_groups():
        yield


@pytest.fixture
def manager(council: Council, client_for: ClientFor) -> Client:
    """Somebody who holds everything a council can hold."""
    return client_for(council)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_people_are_listed_searched_and_counted_by_state(council: Council, manager: Client) -> None:
    person(grant(["ledger.view"]), name="Ada Quill")
    other = person(name="Bea Marsh")
    people.leave(other.pk, actor=SYSTEM, at=clock.now(), reason="Retired")
    page = text_of(manager, "/settings/people")
    assert "Ada Quill" in page
    assert "Left: <strong>1</strong>" in page
    found = text_of(manager, "/settings/people?text=quill&state=active")
    assert "Ada Quill" in found
    assert "Bea Marsh" not in found
    assert "Nobody matches" in text_of(manager, "/settings/people?text=quill&state=left")


@pytest.mark.parametrize("path", ["/settings/people", "/settings/people/access", "/settings/roles"])
def test_a_page_asks_the_same_number_of_questions_however_many_people_there_are(
    council: Council, manager: Client, path: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(manager, path)
        return len(queries)

    person(grant(groups=["TAX"]))
    text_of(manager, path)
    before = asked()
    for _ in range(5):
        person(grant(groups=["TAX"]), grant(["ledger.view"]))
    assert asked() == before


def test_somebody_is_invited_chooses_a_password_and_signs_in(
    council: Council, manager: Client, client_for: ClientFor
) -> None:
    given = role(["suspense.view", "suspense.allocate"], name="Allocator")
    answer = manager.post(
        "/settings/people/invite",
        {
            "name": "Nia  Newcomer", "email": "Nia@Example.org",
            "role": given.pk, "group-all": "some", "scope-group": ["TAX"], "limit": "500",
            "starts_on": f"{clock.today():%d/%m/%Y}", "ends_on": "",
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    link = page.split('value="http', 1)[1].split('"', 1)[0]
    assert "northmoor.example" in link
    path = "/invitation/" + link.rsplit("/", 1)[1]
    user = User.objects.get(email="nia@example.org")
    assert (user.name, user.state, user.is_active) == ("Nia Newcomer", "invited", False)
    stranger = Client(headers={"host": "northmoor.example"})
    assert "Welcome, Nia Newcomer" in text_of(stranger, path)
    weak = stranger.post(path, {"password": "password1234"})
    assert weak.status_code == 400
    assert stranger.post(path, {"password": PASSWORD}).status_code == 302
    assert "This link cannot be used" in text_of(stranger, path, 404)
    assert give_password(browser(NORTHMOOR_HOST), email="nia@example.org", password=PASSWORD) == "/"
    user = User.objects.get(email="nia@example.org")
    assert user.last_signed_in_at is not None
    actor = selectors.actor_for(user)
    assert actor.may("suspense.allocate", fund="CT", amount_pence=500_00)
    assert not actor.may("suspense.allocate", fund="CT", amount_pence=500_01)
    assert not actor.may("suspense.allocate", fund="HR", amount_pence=1)
    shown = text_of(manager, f"/settings/people/{user.pk}")
    for words in ("Groups: Group TAX", "Up to £500.00", "Accepted an invitation"):
        assert words in shown


def test_a_link_of_the_other_council_is_refused(council: Council, eastshire: Council) -> None:
    joiner = people.Joiner("nia@example.org", "Nia")
    invited = people.invite(joiner, actor=SYSTEM, at=clock.now())
    stranger = Client(headers={"host": "eastshire.example"})
    page = text_of(stranger, f"/invitation/{invited.token}", 404)
    assert "This link cannot be used" in page
    assert "Nia" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": ""}, "Select a role"),
        ({"limit": "lots"}, "is not an amount"),
        ({"limit": "-5"}, "Enter a limit of £0.00 or more"),
        ({"starts_on": "31/02/2026"}, "is not a date"),
        ({"ends_on": "1/1/2020"}, "The last day must be on or after the first day"),
        ({"group-all": "some"}, "Tick at least one, or choose all funds"),
        ({"scope-group": ["TAX"]}, "Choose whether only those ticked below hold"),
        ({"group-all": "some", "scope-group": ["ZZ"]}, "ZZ is not one of the available choices"),
    ],
)
def test_a_role_that_cannot_be_read_is_not_given(
    council: Council, manager: Client, changes: dict[str, object], words: str
) -> None:
    user = person()
    sent = {
        "role": role(["ledger.view"]).pk, "group-all": "all", "limit": "",
        "starts_on": f"{clock.today():%d/%m/%Y}", "ends_on": "", "reason": "",
    }  # fmt: skip
    answer = manager.post(f"/settings/people/{user.pk}/role", sent | changes)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Grant.objects.filter(user=user).exists()


def test_a_role_is_given_and_taken_away_with_its_history(council: Council, manager: Client) -> None:
    user = person()
    given = role(["ledger.view"], name="Looker")
    sent = {"role": given.pk, "group-all": "all", "starts_on": f"{clock.today():%d/%m/%Y}"}
    assert manager.post(f"/settings/people/{user.pk}/role", sent).status_code == 302
    again = manager.post(f"/settings/people/{user.pk}/role", sent)
    assert "holds “Looker” this way already" in again.content.decode()
    held = Grant.objects.get(user=user)
    path = f"/settings/people/role/{held.pk}/end"
    assert "Enter why" in manager.post(path, {}).content.decode()
    assert manager.post(path, {"reason": "Moved team"}).status_code == 302
    twice = manager.post(path, {"reason": "Moved team"})
    assert "already ended this" in twice.content.decode()
    page = text_of(manager, f"/settings/people/{user.pk}")
    for words in ("Took a role away: Looker", "Moved team", "Roles they had"):
        assert words in page


def test_nobody_changes_their_own(council: Council, manager: Client) -> None:
    me = manager.user  # type: ignore[attr-defined]
    held = Grant.objects.get(user=me)
    paths = [f"/settings/people/{me.pk}/{step}" for step in ("role", "leave", "reactivate")]
    for path in [*paths, f"/settings/people/role/{held.pk}/end"]:
        answer = manager.post(path, {"reason": "Because", "role": held.role_id})
        assert answer.status_code in (400, 403), path
        assert "Ask another manager" in answer.content.decode()
    held.refresh_from_db()
    assert held.ended_at is None
    assert "This is you" in text_of(manager, f"/settings/people/{me.pk}")


def test_a_role_waits_for_a_second_person(
    council: Council, manager: Client, client_for: ClientFor
) -> None:
    answer = manager.post(
        "/settings/people/rules",
        {"dormant": "60", "invitation": "3", "identity.grant": "on"},
    )
    assert answer.status_code == 302
    assert SecondPersonRule.objects.get(act="identity.grant").is_needed
    assert selectors.people_settings().dormant_after_days == 60
    user, second = person(), client_for(council)
    sent = {"role": role(["ledger.view"]).pk, "group-all": "all", "reason": "New here"}
    manager.post(
        f"/settings/people/{user.pk}/role", sent | {"starts_on": f"{clock.today():%d/%m/%Y}"}
    )
    asked = GrantRequest.objects.get(user=user)
    assert not Grant.objects.filter(user=user).exists()
    path = f"/settings/people/request/{asked.pk}"
    own = manager.post(path, {"approve": "1"})
    assert (own.status_code, Grant.objects.filter(user=user).count()) == (403, 0)
    assert "You asked for this" in text_of(manager, path)
    assert second.post(path, {"approve": "1"}).status_code == 302
    assert Grant.objects.filter(user=user).count() == 1
    assert second.post(path, {"refuse": "1"}).status_code == 409
    assert "Approved by" in text_of(manager, path)


def test_a_leaver_is_signed_out_and_can_be_invited_back(
    council: Council, manager: Client, client_for: ClientFor
) -> None:
    leaver = client_for(council, ["ledger.view"])
    user = leaver.user  # type: ignore[attr-defined]
    assert leaver.get("/").status_code == 200
    page = manager.post(f"/settings/people/{user.pk}/leave", {"reason": "Retired"}, follow=True)
    assert "has left" in page.content.decode()
    assert leaver.get("/").status_code == 302
    again = manager.post(f"/settings/people/{user.pk}/leave", {"reason": "Retired"})
    assert "so they cannot leave" in again.content.decode()
    back = manager.post(f"/settings/people/{user.pk}/link")
    assert "Link to choose a password" in back.content.decode()
    user.refresh_from_db()
    assert user.state == "invited"
    assert not Grant.objects.filter(user=user, ended_at=None).exists()


def test_the_report_says_who_holds_what_and_when_they_used_it(
    council: Council, manager: Client
) -> None:
    cashier = person(grant(["receipts.take"], groups=["TAX"], limit_pence=200_00), name="=Cash")
    AuditEvent.objects.create(
        at=clock.now(), actor_name="Cash", actor_id=cashier.pk, act="receipts.take",
        object_kind="entry", object_id="1",
    )  # fmt: skip
    page = text_of(manager, "/settings/people/access")
    assert "Up to £200.00" in page
    answer = manager.get("/settings/people/access.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    (mine,) = [line for line in lines if cashier.email in line]
    for words in ("receipts.take", "Take money", "'=Cash", "Groups: Group TAX", "200.00"):
        assert words in mine
    assert not mine.endswith(",")
    assert AuditEvent.objects.filter(act="identity.download_access").exists()


def test_a_ready_made_role_is_looked_at_changed_and_added(
    council: Council, manager: Client
) -> None:
    assert "Cashier" in text_of(manager, "/settings/roles")
    page = text_of(manager, "/settings/roles/add?from=Cashier")
    assert 'value="Cashier"' in page
    sent = {"name": "Cashier", "description": "Tills", "permissions": ["receipts.take"]}
    assert manager.post("/settings/roles/add", sent).status_code == 302
    made = next(each for each in selectors.roles() if each.name == "Cashier")
    assert made.permissions == ["receipts.take"]
    path = f"/settings/roles/{made.pk}"
    changed = manager.post(path, sent | {"permissions": ["receipts.take", "ledger.view"]})
    assert changed.status_code == 302
    assert manager.post(f"{path}/use").status_code == 302
    assert "Out of use" in text_of(manager, path)
    assert "already a role" in manager.post("/settings/roles/add", sent).content.decode()


def test_those_who_may_only_look_are_offered_nothing_else(
    council: Council, client_for: ClientFor
) -> None:
    viewer = client_for(council, ["people.view"])
    user = person(grant(["ledger.view"]))
    held = Grant.objects.get(user=user)
    for path in ("", f"/{user.pk}", "/access"):
        page = text_of(viewer, f"/settings/people{path}")
        assert "Invite somebody" not in page
        assert "Take away" not in page
    for path in (
        "/settings/people/invite", "/settings/people/rules", f"/settings/people/{user.pk}/role",
        f"/settings/people/{user.pk}/leave", f"/settings/people/role/{held.pk}/end",
        "/settings/roles/add",
    ):  # fmt: skip
        assert viewer.post(path, {"reason": "x"}).status_code == 403, path
    assert viewer.post(f"/settings/roles/{held.role_id}", {"name": "X"}).status_code == 403


def test_a_person_of_the_other_council_is_not_there(
    council: Council, eastshire: Council, manager: Client
) -> None:
    with enter(eastshire):
        ids = set(User.objects.values_list("pk", flat=True))
    missing = max([*ids, *User.objects.values_list("pk", flat=True)]) + 1
    assert manager.get(f"/settings/people/{missing}").status_code == 404
