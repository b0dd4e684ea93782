"""The list of imports, and bringing a file in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from ims.imports import services
from ims.imports.models import ImportFile, ImportProfile
from ims_kernel import clock
from ims_kernel.web.pagination import write_cursor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import (
    KNOWN,
    MIXED,
    camt,
    counted,
    posted,
    ready,
    receive,
    text_of,
    uploaded,
)


def many(number: int) -> None:
    """Files that differ in when they came."""
    profile = ImportProfile.objects.get(code="bank")
    now = clock.now()
    ImportFile.objects.bulk_create(
        ImportFile(
            profile=profile,
            file_name=f"file-{place:02d}.xml",
            sha256=f"{place:064d}",
            size=1,
            received_at=now - timedelta(hours=place),
            received_by="Sam",
        )
        for place in range(number)
    )


def test_an_empty_list_says_what_to_do(council: Council, client_for: ClientFor) -> None:
    page = text_of(client_for(council).get("/imports"))
    assert "No bank files yet" in page
    assert "Upload a bank file" in page


def test_the_list_shows_each_state(council: Council, client_for: ClientFor) -> None:
    receive(camt(KNOWN, statement="A"), "waiting.xml")
    ready(camt(*MIXED, statement="B"), "ready.xml")
    ready(b"Datum,Betrag\n1,2\n", "wrong.csv")
    posted(camt(*MIXED, KNOWN, statement="C"), "posted.xml")
    page = text_of(client_for(council).get("/imports"))
    assert "posted.xml Bank statement Posted" in page
    assert "5 £331.00 2 3 0" in page
    assert "ready.xml Bank statement Ready to post" in page
    assert "wrong.csv Bank statement Not used" in page
    assert "waiting.xml Bank statement Being read" in page


def test_the_list_shows_nothing_of_the_other_council(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        theirs = receive(camt(KNOWN), "eastshire-only.xml")
    client = client_for(northmoor)
    assert "eastshire-only" not in text_of(client.get("/imports"))
    for address in ("", "/progress", "/rejected.csv", "/discard"):
        answer = client.get(f"/imports/{theirs.pk}{address}")
        assert answer.status_code == 404
        assert "eastshire-only" not in text_of(answer)
    for step in ("post", "read-again", "discard"):
        assert client.post(f"/imports/{theirs.pk}/{step}", {"reason": "x"}).status_code == 404
    assert "eastshire-only" in text_of(client_for(eastshire).get("/imports"))


def test_pages_lead_to_every_file_once(council: Council, client_for: ClientFor) -> None:
    many(30)
    client = client_for(council)
    first = client.get("/imports")
    assert "file-24.xml" in text_of(first)
    assert "file-25.xml" not in text_of(first)
    second = client.get(
        "/imports" + first.content.decode().split('rel="next"')[0].split('href="')[-1].split('"')[0]
    )
    assert "file-24.xml" not in text_of(second)
    assert "file-29.xml" in text_of(second)


def test_the_list_takes_as_many_queries_for_one_file_as_for_thirty(
    council: Council, client_for: ClientFor
) -> None:
    client = client_for(council)
    many(1)
    with counted() as one:
        client.get("/imports")
    ImportFile.objects.all().delete()
    many(30)
    with counted() as thirty:
        client.get("/imports")
    assert len(one) == len(thirty) == 6, "\n".join(
        thirty
    )  # host, session, person, roles, files, banners


@pytest.mark.parametrize(
    "cursor", ["zzz", write_cursor(("not a date", 1)), write_cursor((5, 5)), "a" * 400, "\0"]
)
def test_a_cursor_that_makes_no_sense_is_the_first_page(
    council: Council, client_for: ClientFor, cursor: str
) -> None:
    many(2)
    for name in ("after", "before"):
        answer = client_for(council).get("/imports", {name: cursor})
        assert answer.status_code == 200
        assert "file-00.xml" in text_of(answer)


# --- upload
def send(client: Any, data: bytes, name: str = "statement.xml", profile: str = "bank") -> Any:
    return client.post("/imports/upload", {"profile": profile, "file": uploaded(data, name)})


def test_a_good_file_is_received_and_leads_to_its_page(
    council: Council, client_for: ClientFor
) -> None:
    answer = send(client_for(council), camt(KNOWN), "monday.xml")
    found = ImportFile.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/imports/{found.pk}"
    assert (found.file_name, found.profile.code) == ("monday.xml", "bank")


def test_nothing_chosen_says_so_beside_each_field(council: Council, client_for: ClientFor) -> None:
    answer = client_for(council).post("/imports/upload", {})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<a href="#id_file">Select a bank file</a>' in html
    assert "Select what this file is" in html
    assert "<title>Error: Upload a bank file" in html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The selected file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 1 0 obj", "The file is a PDF, not a bank statement"),
        (b"PK\x03\x04" + bytes(60), "not a bank statement we can read"),
        (b"Datum,Betrag\n1,2\n", "We cannot tell which bank file this is"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Document/>', "DOCTYPE"),
        (bytes(range(256)) * 8, "Download"),
        (b"\n \n\n", "The file is empty"),
    ],
)
def test_a_file_that_is_no_bank_file_is_refused_beside_the_field(
    council: Council, client_for: ClientFor, data: bytes, words: str
) -> None:
    answer = send(client_for(council), data, "x.csv")
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert 'id="id_file-error"' in answer.content.decode()
    assert not ImportFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(
    council: Council, client_for: ClientFor, settings: Settings
) -> None:
    settings.IMS_MAX_UPLOAD_BYTES = 1024 * 1024
    data = camt(KNOWN) + b" " * 1024 * 1024
    answer = send(client_for(council), data)
    assert "The selected file must be smaller than 1MB." in text_of(answer)
    assert not ImportFile.objects.exists()


def test_an_unknown_profile_is_refused(council: Council, client_for: ClientFor) -> None:
    answer = send(client_for(council), camt(KNOWN), profile="bank'--")
    assert answer.status_code == 200
    assert "There is a problem" in text_of(answer)
    assert not ImportFile.objects.exists()


def test_a_council_without_profiles_is_told_whom_to_ask(
    council: Council, client_for: ClientFor
) -> None:
    ImportProfile.objects.update(is_active=False)
    page = text_of(client_for(council).get("/imports/upload"))
    assert "Your council cannot take a bank file yet" in page
    assert "Add an import profile Which bank account a file is for" in page
    # Who may not see the settings is not sent there.
    only = client_for(council, ["imports.view", "imports.upload"])
    assert "There is no import profile" in text_of(only.get("/imports/upload"))


@pytest.mark.parametrize("name", ["statement.xml", "another name.xml"])
def test_the_same_file_twice_leads_to_the_first(
    council: Council, client_for: ClientFor, name: str
) -> None:
    client = client_for(council)
    send(client, camt(KNOWN))
    answer = send(client, camt(KNOWN), name)
    first = ImportFile.objects.get()
    assert answer.status_code == 409
    assert "This file is already here" in text_of(answer)
    assert "Nothing was imported twice" in text_of(answer)
    assert f'href="/imports/{first.pk}"' in answer.content.decode()


def test_the_file_is_handed_on_in_pieces(
    council: Council, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 MB must never be in memory at once."""
    given: list[services.Upload] = []
    receive_really = services.receive

    def spy(upload: services.Upload, **options: Any) -> ImportFile:
        given.append(upload)
        return receive_really(upload, **options)

    monkeypatch.setattr(services, "receive", spy)
    send(client_for(council), camt(*[KNOWN] * 500))
    assert isinstance(given[0].chunks, Iterator)
    assert ImportFile.objects.get().size > 64 * 1024


def test_uploading_needs_its_permission(council: Council, client_for: ClientFor) -> None:
    client = client_for(council, ["imports.view"])
    assert "Upload a bank file" not in text_of(client.get("/imports")).replace("upload it here", "")
    assert client.get("/imports/upload").status_code == 403
    assert send(client, camt(KNOWN)).status_code == 403
    assert client_for(council, []).get("/imports").status_code == 403
