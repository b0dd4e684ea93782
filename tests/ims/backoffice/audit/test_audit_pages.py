"""An auditor finds who did what, sees what changed, and takes a copy; each is recorded too."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from ims.receipts.services import take
from ims_kernel.audit import sealing, selectors
from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.services import Subject, record, record_read
from ims_kernel.identity.permissions import Actor
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.audit import empty_trail
from tests.factories.drafts import TESTER, receipt
from tests.ims.backoffice.bank_day import counted, downloaded, text_of

AT = datetime(2026, 8, 3, 22, 30, tzinfo=UTC)
PRIYA, RHIAN = Actor("Priya Raman", user_id=7), Actor("Rhian Bevan", user_id=8)


@pytest.fixture
def trail(council: Council) -> None:
    """Northmoor's trail begins empty."""
    empty_trail()


@pytest.fixture
def client(council: Council, trail: None, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


@pytest.fixture
def auditor(council: Council, trail: None, client_for: ClientFor) -> Client:
    """Somebody who may look at the trail and nothing else."""
    return client_for(council, ["audit.view"])


@pytest.fixture
def some(council: Council, trail: None) -> None:
    """Two changes and a look, a day apart from each other."""
    record(
        PRIYA, "suspense.allocate", Subject("suspense", 12), at=AT, reason="Paid for by school",
        amount_pence=4_500,
    )  # fmt: skip
    record(
        Actor("Import", on_behalf_of=RHIAN), "imports.finish", Subject("import", 5),
        at=AT + timedelta(days=1), posted=3,
    )  # fmt: skip
    record_read(RHIAN, Subject("suspense", 12), at=AT + timedelta(days=2))


def listed(client: Client, query: str = "") -> list[str]:
    """The acts on the page, in order."""
    answer = client.get(f"/audit{query}")
    assert answer.status_code == 200
    return _acts(answer)


def _acts(answer: Any) -> list[str]:
    words = {"Allocated from suspense": "suspense.allocate"}
    words |= {"Finished posting a bank file": "imports.finish"}
    words |= {"Looked at a suspense item": "suspense.read", "Took money": "receipts.take"}
    body = answer.content.decode().partition("<tbody")[2]
    found = [(body.find(f">{phrase}<"), act) for phrase, act in words.items()]
    return [act for place, act in sorted(found) if place >= 0]


# --- searching
def test_the_newest_changes_come_first_and_looks_are_left_out(auditor: Client, some: None) -> None:
    assert listed(auditor) == ["imports.finish", "suspense.allocate"]
    words = text_of(auditor.get("/audit"))
    assert "Import for Rhian Bevan" in words
    assert "3 August 2026 at 11:30pm" in words
    assert "Paid for by school" in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?person=priya", ["suspense.allocate"]),
        ("?person=bevan", ["imports.finish"]),
        ("?act=suspense.allocate", ["suspense.allocate"]),
        ("?act=suspense.", ["suspense.allocate"]),
        ("?act=suspense.read", ["suspense.read"]),
        ("?thing=import+5", ["imports.finish"]),
        ("?thing=Import", ["imports.finish"]),
        ("?thing=suspense+item+12", ["suspense.allocate"]),
        ("?thing=import+6", []),
        ("?start=4/8/2026", ["imports.finish"]),
        ("?end=3/8/2026", ["suspense.allocate"]),
        ("?start=3/8/2026&end=3/8/2026", ["suspense.allocate"]),
        ("?text=SCHOOL", ["suspense.allocate"]),
        ("?text=50%25", []),
        ("?looks=too", ["suspense.read", "imports.finish", "suspense.allocate"]),
        ("?looks=only", ["suspense.read"]),
        ("?person=bevan&looks=only", ["suspense.read"]),
    ],
)
def test_filters(auditor: Client, some: None, query: str, found: list[str]) -> None:
    # The looks at this very page are of today, and by somebody else.
    assert listed(auditor, query if "looks" not in query else f"{query}&end=6/8/2026") == found


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?start=soon", "“soon” is not a date"),
        ("?start=5/8/2026&end=4/8/2026", "on or after the first day"),
        ("?act=suspense.steal", "Choose what was done from the list."),
        ("?looks=maybe", "Choose what to show from the list."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_shown(
    auditor: Client, some: None, query: str, says: str
) -> None:
    for path in ("/audit", "/audit.csv"):
        answer = auditor.get(f"{path}{query}")
        assert answer.status_code == 400
        assert says in text_of(answer)
        assert "Paid for by school" not in text_of(answer)


def test_a_transaction_is_found_by_its_number_and_leads_to_it(
    council: Council, client_for: ClientFor, client: Client, auditor: Client
) -> None:
    entry = take(receipt(), actor=TESTER, at=AT)
    number = encode(entry)
    answer = client.get(f"/audit?thing=transaction+{number.lower()}")
    assert _acts(answer) == ["receipts.take"]
    assert f'href="/transactions/{number}"' in answer.content.decode()
    # Who may not see transactions gets the words without the link.
    answer = auditor.get("/audit")
    assert f"Transaction {number}" in text_of(answer)
    assert "/transactions/" not in answer.content.decode().partition("<tbody")[2]


def test_pages_go_on_and_take_as_many_queries_however_long_the_trail(
    council: Council, auditor: Client
) -> None:
    def write(count: int) -> None:
        for number in range(count):
            record(PRIYA, "imports.post", Subject("import", number), at=AT)

    write(3)
    auditor.get("/audit")
    with counted() as few:
        auditor.get("/audit")
    write(120)
    with counted() as many:
        answer = auditor.get("/audit")
    assert len(many) == len(few) == 7, "\n".join(many)
    assert answer.content.decode().count('href="/audit/') == 50
    assert "after=" in answer.content.decode()


# --- one event
def test_one_event_says_all_of_it(council: Council, auditor: Client) -> None:
    record(
        RHIAN, "settings.change", Subject("funds", "CT"), at=AT, reason="As agreed",
        before={"name": "Old", "max_pence": 100, "is_active": True, "key": "changed"},
        after={"name": "New", "max_pence": None, "is_active": False, "key": "changed"},
        lines=["a", "b"],
    )  # fmt: skip
    event = AuditEvent.objects.get(act="settings.change")
    words = text_of(auditor.get(f"/audit/{event.pk}"))
    for says in (
        "Changed a setting", "Rhian Bevan (person 8)", "Fund CT", "As agreed", "Name Old New",
        "Max £1.00 Nothing", "Is active Yes No", "Key changed changed", "Lines a, b",
        "Not sealed yet.",
    ):  # fmt: skip
        assert says in words, says
    sealing.seal(at=AT, patience=30)
    words = text_of(auditor.get(f"/audit/{event.pk}"))
    assert "Block 1, sealed 3 August 2026 at 11:30pm. Checked now: as it was sealed." in words


def test_an_event_that_was_changed_says_so(council: Council, auditor: Client, some: None) -> None:
    sealing.seal(at=AT, patience=30)
    event = AuditEvent.objects.get(act="suspense.allocate")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET reason = 'x' WHERE id = %s", [event.pk])
    words = text_of(auditor.get(f"/audit/{event.pk}"))
    assert "Not as it was sealed" in words
    assert f"The first bad row is audit event {event.pk} (suspense.allocate, Priya Raman)" in words


def test_an_event_nobody_has(auditor: Client) -> None:
    assert auditor.get("/audit/987654").status_code == 404


# --- downloading
def test_the_download_is_the_search_and_no_spreadsheet_runs_it(
    council: Council, auditor: Client, some: None
) -> None:
    record(
        Actor("=cmd|'/c calc'!A0"), "imports.discard", Subject("import", 9), at=AT,
        reason="+44 is not\na sum", before={"a": "=1"},
    )  # fmt: skip
    answer = auditor.get("/audit.csv?thing=import")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(downloaded(answer).decode("utf-8-sig"))))
    assert [row["Act"] for row in rows] == ["imports.finish", "imports.discard"]
    assert rows[0]["On behalf of"] == "Rhian Bevan"
    assert rows[0]["When"] == "04/08/2026 23:30:00"
    assert rows[1]["Who"] == "'=cmd|'/c calc'!A0"
    assert rows[1]["Reason"] == "'+44 is not a sum"
    assert rows[1]["Before"] == '{"a": "=1"}'


def test_too_many_events_are_refused_in_words(
    auditor: Client, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "DOWNLOADED", 1)
    answer = auditor.get("/audit.csv")
    assert answer.status_code == 400
    assert "This would be more than 1 events. Choose a shorter time" in text_of(answer)


# --- looking is recorded
def test_looking_and_downloading_are_recorded(auditor: Client, some: None) -> None:
    before = AuditEvent.objects.count()
    event = AuditEvent.objects.order_by("id").first()
    assert event
    auditor.get("/audit?person=Priya&text=secret")
    auditor.get(f"/audit/{event.pk}")
    downloaded(auditor.get("/audit.csv?person=Priya"))
    made = list(AuditEvent.objects.order_by("id"))[before:]
    assert [(each.act, each.object_id) for each in made] == [
        ("audit.read", "search"), ("audit.read", str(event.pk)), ("audit.download", "csv"),
    ]  # fmt: skip
    # Which filters, never what was typed: it may be a name.
    assert [each.facts for each in made] == [
        {"filters": ["person", "text"]}, {}, {"filters": ["person"], "rows": 1},
    ]  # fmt: skip
    assert {each.actor_id for each in made} == {auditor.user.pk}  # type: ignore[attr-defined]
    assert all(each.address == "127.0.0.1" and each.request_id for each in made)


# --- who may, and whose
def test_it_needs_its_permission_and_is_in_the_navigation_of_who_holds_it(
    council: Council, client_for: ClientFor, auditor: Client
) -> None:
    other = client_for(council, ["ledger.view"])
    for path in ("/audit", "/audit.csv", "/audit/1"):
        assert other.get(path).status_code == 403
    assert 'href="/audit"' not in other.get("/").content.decode()
    assert 'href="/audit"' in auditor.get("/audit").content.decode()


def test_a_press_changes_nothing(auditor: Client) -> None:
    for path in ("/audit", "/audit.csv", "/audit/1"):
        assert auditor.post(path).status_code == 405


def test_the_neighbours_trail_is_not_seen(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        record(PRIYA, "imports.discard", Subject("import", 1), at=AT, reason="EASTSHIRE ONLY")
        event = AuditEvent.objects.latest("id")
    client = client_for(northmoor, ["audit.view"])
    assert "EASTSHIRE ONLY" not in text_of(client.get("/audit"))
    assert b"EASTSHIRE ONLY" not in downloaded(client.get("/audit.csv"))
    assert client.get(f"/audit/{event.pk + 50}").status_code == 404
