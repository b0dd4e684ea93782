"""What waits to leave, making a ledger file, and saying what became of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from ims.exports import services
from ims.exports.errors import CellUnwritable
from ims.exports.models import ExportLayout, ExportRun
from ims.exports.writers import writing
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.web.pagination import write_cursor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import MIXED, PRIYA, camt, counted, downloaded, posted, text_of

LAYOUT = "general-journal"


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def made(layout: str = LAYOUT) -> ExportRun:
    """A ledger file of four posted lines, ready to send."""
    posted(camt(*MIXED))
    return services.run(layout, actor=PRIYA, at=clock.now())


def state_of(run: ExportRun) -> str:
    return ExportRun.objects.get(pk=run.pk).state


# --- the list
def test_an_empty_ledger_has_nothing_to_send(client: Client) -> None:
    words = text_of(client.get("/exports"))
    assert "Lines waiting to be exported 0" in words
    assert "Every line of the ledger is in a file" in words
    assert "No ledger files yet" in words
    assert "Make file" not in words


def test_what_waits_is_said_in_lines_and_pounds(client: Client) -> None:
    posted(camt(*MIXED))
    words = text_of(client.get("/exports"))
    assert "Lines waiting to be exported 4" in words
    assert "Amount waiting £210.50" in words
    for layout in ExportLayout.objects.all():
        assert f"Make file: {layout.name}" in words


def test_a_council_without_layouts_is_told_whom_to_ask(client: Client) -> None:
    posted(camt(*MIXED))
    ExportLayout.objects.all().delete()
    assert "There is no ledger file layout" in text_of(client.get("/exports"))


def test_the_list_takes_as_many_queries_for_one_file_as_for_thirty(client: Client) -> None:
    made()
    with counted() as one:
        client.get("/exports")
    run = ExportRun.objects.get()
    for place in range(30):
        run.pk = None
        run.created_at = clock.now() - timedelta(hours=place)
        run.save()
    with counted() as thirty:
        first = client.get("/exports")
    # Session, person, roles; posted, left, layouts, files.
    assert len(one) == len(thirty) == 9, "\n".join(thirty)
    assert "Next page" in text_of(first)


@pytest.mark.parametrize("cursor", ["zzz", write_cursor(("x", 1)), "\0"])
def test_a_cursor_that_makes_no_sense_is_the_first_page(client: Client, cursor: str) -> None:
    made()
    assert "GL-" in text_of(client.get("/exports", {"after": cursor}))


# --- making a file
@pytest.mark.parametrize("layout", [LAYOUT, "fixed-ledger"])
def test_a_file_is_made_and_shown_to_agree(client: Client, layout: str) -> None:
    posted(camt(*MIXED))
    answer = client.post("/exports/make", {"layout": layout}, follow=True)
    run = ExportRun.objects.get()
    words = text_of(answer)
    assert f"{run.reference} was made and agrees with the ledger." in words
    assert "Ready to send" in words
    assert "In the ledger 4 £210.50" in words
    assert "In the file, without contra lines" in words
    assert "Agrees" in words
    assert run.sha256 in words
    assert run.file_name in words
    assert "Mark as sent" in words
    assert "Mark as accepted" not in words


def test_only_lines_up_to_a_day_leave(client: Client) -> None:
    posted(camt(*MIXED))
    words = text_of(
        client.post("/exports/make", {"layout": LAYOUT, "up_to": "1/8/2026"}, follow=True)
    )
    assert "There is nothing to send" in words
    words = text_of(
        client.post("/exports/make", {"layout": LAYOUT, "up_to": "3/8/2026"}, follow=True)
    )
    assert "Only up to 3 August 2026" in words


def test_a_date_that_cannot_be_read_is_said_beside_its_field(client: Client) -> None:
    posted(camt(*MIXED))
    answer = client.post("/exports/make", {"layout": LAYOUT, "up_to": "soon"})
    assert 'href="#id_up_to"' in answer.content.decode()
    assert "“soon” is not a date" in text_of(answer)
    assert not ExportRun.objects.exists()


def test_nothing_to_send_is_said(client: Client) -> None:
    made()
    words = text_of(client.post("/exports/make", {"layout": LAYOUT}, follow=True))
    assert "There is nothing to send" in words
    assert ExportRun.objects.count() == 1


@pytest.mark.parametrize("layout", ["", "nonsense", "x" * 500, "a\0b"])
def test_an_unknown_layout_is_refused(client: Client, layout: str) -> None:
    posted(camt(*MIXED))
    answer = client.post("/exports/make", {"layout": layout})
    assert answer.status_code == 200
    assert "There is a problem" in text_of(answer)
    assert not ExportRun.objects.exists()


def test_a_file_that_cannot_be_made_says_why_and_no_line_left(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CellUnwritable("Line 3: “Café” does not fit the column Narrative.")

    posted(camt(*MIXED))
    monkeypatch.setattr(writing.LedgerFile, "chunks_of", fail)
    words = text_of(client.post("/exports/make", {"layout": LAYOUT}, follow=True))
    assert "“Café” does not fit the column Narrative" in words
    assert "Lines waiting to be exported 4" in words
    page = text_of(client.get(f"/exports/{ExportRun.objects.get().pk}"))
    assert "Not made" in page
    assert "No line has left the ledger." in page
    assert "Download" not in page


# --- one file
def test_the_download_is_the_very_file_every_time(client: Client) -> None:
    run = made()
    answers = [client.get(f"/exports/{run.pk}/file") for _ in range(2)]
    first, second = (downloaded(answer) for answer in answers)
    assert first == second
    assert hashlib.sha256(first).hexdigest() == run.sha256
    assert answers[0]["Content-Disposition"] == f'attachment; filename="{run.file_name}"'
    assert AuditEvent.objects.filter(act="exports.download").count() == 2


def test_a_stored_file_that_changed_is_never_handed_out(client: Client, own_files: Path) -> None:
    run = made()
    (own_files / run.storage_path).write_bytes(b"something else")
    answer = client.get(f"/exports/{run.pk}/file")
    assert answer.status_code == 500
    assert "is not the one that was made" in text_of(answer)
    words = text_of(client.post(f"/exports/{run.pk}/sent", follow=True))
    assert "is not the one that was made" in words
    assert state_of(run) == "ready"


def test_a_run_goes_from_ready_to_accepted(client: Client) -> None:
    run = made()
    words = text_of(client.post(f"/exports/{run.pk}/sent", follow=True))
    assert f"{run.reference} is marked as sent." in words
    assert "Mark as accepted" in words
    words = text_of(client.post(f"/exports/{run.pk}/accepted", follow=True))
    assert "Its lines never leave again." in words
    assert "Mark as" not in words
    assert state_of(run) == "accepted"


@pytest.mark.parametrize("sent", [True, False])
def test_a_rejected_file_gives_its_lines_back(client: Client, *, sent: bool) -> None:
    run = made()
    if sent:
        client.post(f"/exports/{run.pk}/sent")
    assert f"Reject {run.reference}" in text_of(client.get(f"/exports/{run.pk}/reject"))
    answer = client.post(f"/exports/{run.pk}/reject", {"reason": ""})
    assert "Enter why this file is rejected" in text_of(answer)
    words = text_of(client.post(f"/exports/{run.pk}/reject", {"reason": "Closed"}, follow=True))
    assert "Rejected: Closed" in words
    assert "Its lines went back and leave in the next file." in words
    assert "Lines waiting to be exported 4" in text_of(client.get("/exports"))


@pytest.mark.parametrize("step", ["sent", "accepted", "reject"])
def test_a_step_too_late_is_said_and_changes_nothing(client: Client, step: str) -> None:
    run = made()
    client.post(f"/exports/{run.pk}/sent")
    client.post(f"/exports/{run.pk}/accepted")
    words = text_of(client.post(f"/exports/{run.pk}/{step}", {"reason": "x"}, follow=True))
    assert "This run is “accepted”, so it cannot be" in words
    assert state_of(run) == "accepted"


def test_a_step_asked_for_by_address_leads_to_the_page(client: Client) -> None:
    run = made()
    for step in ("sent", "accepted"):
        assert client.get(f"/exports/{run.pk}/{step}")["Location"] == f"/exports/{run.pk}"
    assert client.get("/exports/make")["Location"] == "/exports"
    assert state_of(run) == "ready"


@pytest.mark.parametrize("number", [0, 999, 2**31, 2**63, 10**30])
def test_a_file_that_is_not_there_is_not_found(client: Client, number: int) -> None:
    for address in ("", "/file", "/reject"):
        assert client.get(f"/exports/{number}{address}").status_code == 404
    for step in ("sent", "accepted", "reject"):
        assert client.post(f"/exports/{number}/{step}", {"reason": "x"}).status_code == 404


def test_a_page_takes_a_fixed_number_of_queries(client: Client) -> None:
    run = made()
    with counted() as found:
        client.get(f"/exports/{run.pk}")
    # Host, session, person, grants; the run, its history; banners.
    assert len(found) == 7, "\n".join(found)


# --- whose, and who may
def test_a_file_of_the_other_council_is_not_found(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire), transaction.atomic():
        theirs = made()
    client = client_for(northmoor)
    assert "GL-" not in text_of(client.get("/exports"))
    assert "Lines waiting to be exported 0" in text_of(client.get("/exports"))
    for address in ("", "/file", "/reject"):
        assert client.get(f"/exports/{theirs.pk}{address}").status_code == 404
    for step in ("sent", "accepted", "reject"):
        answer = client.post(f"/exports/{theirs.pk}/{step}", {"reason": "x"})
        assert answer.status_code == 404
    with enter(eastshire):
        assert state_of(theirs) == "ready"


def test_who_only_looks_can_download_and_do_nothing_else(
    council: Council, client_for: ClientFor
) -> None:
    run = made()
    client = client_for(council, ["exports.view"])
    html = client.get(f"/exports/{run.pk}").content.decode()
    assert downloaded(client.get(f"/exports/{run.pk}/file"))
    for step in ("sent", "accepted", "reject"):
        assert f"/exports/{run.pk}/{step}" not in html
        assert client.post(f"/exports/{run.pk}/{step}", {"reason": "x"}).status_code == 403
    assert client.post("/exports/make", {"layout": LAYOUT}).status_code == 403
    assert client_for(council, []).get("/exports").status_code == 403
