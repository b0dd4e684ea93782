"""A file of accounts by its pages: uploaded, previewed, agreed to, applied; the lines not used."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ims.accounts import loading, selectors, states
from ims.accounts.models import AccountLoad
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.accounts import applied, csv_of, held, line, preview, receive
from tests.ims.backoffice.bank_day import counted, downloaded, text_of

MANY = [line(f"77{number:07d}") for number in range(40)]
ONE_BAD = csv_of(*MANY, line("X1", "=HYPERLINK(1)"))


def upload(client: Client, data: bytes, **given: str) -> str:
    sent = {"fund": "CT", "mode": "full"} | given
    file = SimpleUploadedFile("council-tax.csv", data)
    return text_of(client.post("/accounts/loads/upload", sent | {"file": file}, follow=True))


def test_a_file_goes_from_the_upload_to_the_accounts(
    council: Council, client_for: ClientFor
) -> None:
    client = client_for(council)
    assert "No files of accounts yet" in text_of(client.get("/accounts/loads"))
    assert "Comparing the file with the accounts" in upload(client, csv_of(*MANY))
    found = AccountLoad.objects.get()
    page = client.get(f"/accounts/loads/{found.pk}/progress")
    assert "HX-Refresh" not in page.headers
    loading.read_load(found.pk)
    assert client.get(f"/accounts/loads/{found.pk}/progress")["HX-Refresh"] == "true"
    page_text = text_of(client.get(f"/accounts/loads/{found.pk}"))
    assert "Added 40" in page_text
    assert "Added 770000000 Ada OKAFOR" in page_text
    page_text = text_of(client.post(f"/accounts/loads/{found.pk}/apply", follow=True))
    assert "Applying 40 changes" in page_text
    assert "already being applied" in text_of(
        client.post(f"/accounts/loads/{found.pk}/apply", follow=True)
    )
    loading.apply_load(found.pk, at=clock.now())
    page_text = text_of(client.get(f"/accounts/loads/{found.pk}"))
    assert "What this file did" in page_text
    assert "council-tax.csv Full refresh Applied Council Tax" in text_of(
        client.get("/accounts/loads")
    )
    assert len(held()) == 40


def test_a_preview_says_what_differs(council: Council, client_for: ClientFor) -> None:
    applied(csv_of(line("A1"), line("B1"), line("C1")))
    found = preview(csv_of(line("A1"), line("B1", "KHAN", "2.00"), line("D1")))
    page = text_of(client_for(council).get(f"/accounts/loads/{found.pk}"))
    assert "Changed B1 Ada KHAN £10.00 £2.00 surname, balance" in page
    assert "Closed not in the file any more 1" in page
    assert "Close 1 of 3 open accounts" in page


def test_what_must_be_agreed_to_is_asked_beside_its_box(
    council: Council, client_for: ClientFor
) -> None:
    applied(csv_of(*MANY, *[line(f"Y{number}") for number in range(10)]))
    found = preview(ONE_BAD)
    client, address = client_for(council), f"/accounts/loads/{found.pk}/apply"
    answer = client.post(address)
    assert answer.status_code == 400
    assert "Confirm that these accounts should be closed." in text_of(answer)
    answer = client.post(address, {"closing": "on"})
    assert "Confirm that the other lines should be applied without them." in text_of(answer)
    assert selectors.get_load(found.pk).state == states.READY
    client.post(address, {"closing": "on", "rejected": "on"})
    assert selectors.get_load(found.pk).state == states.APPLYING


def test_lines_not_used_are_shown_and_can_be_taken_away(
    council: Council, client_for: ClientFor
) -> None:
    found = preview(ONE_BAD)
    client = client_for(council)
    page = text_of(client.get(f"/accounts/loads/{found.pk}"))
    assert "42 surname: “=HYPERLINK(1)” begins like a formula" in page
    answer = client.get(f"/accounts/loads/{found.pk}/rejected.csv")
    text = downloaded(answer).decode("utf-8-sig")
    assert text.startswith("Line,Column,Reason,Text\r\n42,surname,")
    assert "X1,Ms,Ada,=HYPERLINK(1),1 High Street" in text
    assert AuditEvent.objects.get(act="accounts.download").facts == {"rows": 1}


@pytest.mark.parametrize(
    ("data", "given", "said"),
    [
        (b"", {}, "The selected file is empty"),
        (b"%PDF-1.7", {}, "The file is a PDF"),
        (b"name,balance\n", {}, "Missing: reference, surname, address_1, postcode."),
        (csv_of(*MANY), {"fund": ""}, "Select a fund"),
        (csv_of(*MANY), {"mode": ""}, "Select whether the file has every account"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_chosen(
    council: Council, client_for: ClientFor, data: bytes, given: dict[str, str], said: str
) -> None:
    assert said in upload(client_for(council), data, **given)
    assert AccountLoad.objects.count() == 0


def test_the_same_file_leads_to_the_first(council: Council, client_for: ClientFor) -> None:
    found = receive(csv_of(*MANY))
    page = upload(client_for(council), csv_of(*MANY))
    assert "This file is already here" in page
    assert AccountLoad.objects.get().pk == found.pk


def test_a_refused_file_says_why_and_keeps_its_lines(
    council: Council, client_for: ClientFor
) -> None:
    found = preview(csv_of(line("A1"), line("B1", balance="x")))
    page = text_of(client_for(council).get(f"/accounts/loads/{found.pk}"))
    assert "No account was changed by this file" in page
    assert "1 of 2 lines cannot be used" in page
    assert "Download the line (CSV)" in page


def test_a_preview_out_of_date_is_compared_again(council: Council, client_for: ClientFor) -> None:
    found = preview(csv_of(*MANY))
    applied(csv_of(*MANY[:3]), mode="delta")
    client = client_for(council)
    page = text_of(client.get(f"/accounts/loads/{found.pk}"))
    assert "Accounts of this fund changed after this preview was made." in page
    assert "Apply this file" not in page
    client.post(f"/accounts/loads/{found.pk}/read-again")
    loading.read_load(found.pk)
    assert selectors.get_load(found.pk).added_count == 37


def test_a_file_is_discarded_with_a_reason(council: Council, client_for: ClientFor) -> None:
    found = preview(csv_of(*MANY))
    client, address = client_for(council), f"/accounts/loads/{found.pk}/discard"
    assert "Enter why you are discarding this file" in text_of(client.post(address))
    page = text_of(client.post(address, {"reason": "Too early"}, follow=True))
    assert "was discarded. No account was changed." in page
    assert "Too early" in page
    page = text_of(client.post(address, {"reason": "Again"}, follow=True))
    assert "so it cannot be discarded" in page


def test_another_councils_files_are_not_there(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        fund = Fund.objects.exclude(purpose="suspense").order_by("code")[0].code
        theirs = preview(csv_of(*MANY, line("X", balance="?")), fund=fund)
    client = client_for(northmoor)
    for address in ("", "/progress", "/rejected.csv", "/discard"):
        assert client.get(f"/accounts/loads/{theirs.pk}{address}").status_code == 404
    for step in ("apply", "read-again", "discard"):
        answer = client.post(f"/accounts/loads/{theirs.pk}/{step}", {"reason": "x"})
        assert answer.status_code == 404
    assert "accounts.csv" not in text_of(client.get("/accounts/loads"))


def test_the_number_of_queries_does_not_grow(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    small, large = preview(csv_of(MANY[0])), preview(ONE_BAD)
    numbers = []
    for found in (small, large):
        with counted() as queries:
            client.get(f"/accounts/loads/{found.pk}")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 16, "\n".join(queries)
    with counted() as queries:
        client.get("/accounts/loads")
    assert len(queries) <= 6, "\n".join(queries)
