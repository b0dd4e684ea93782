"""The CSV file: the same lines as the search, safe in a spreadsheet, and recorded."""

from __future__ import annotations

import csv
import io

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from ims.backoffice.transactions.csv_file import HEADER
from ims.reports import transactions
from ims_kernel.audit.models import AuditEvent
from ims_kernel.references import encode
from ims_tenants.current import council_id, enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.money import Payment, take
from tests.ims.backoffice.bank_day import counted, text_of


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/transactions.csv{query}")
    assert answer.status_code == 200
    assert isinstance(answer, StreamingHttpResponse)
    body = b"".join(answer.streaming_content)
    assert body.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_it_holds_the_lines_of_the_search(council: Council, client_for: ClientFor) -> None:
    (found, _) = take(
        Payment(-4_500, fund="TW", account="TW00001", payer="Payer, the"),
        Payment(100),
    )
    client = client_for(council)
    answer = client.get("/transactions.csv?fund=TW")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="transactions-20')
    (row,) = rows_of(client, "?fund=TW")
    assert tuple(row) == HEADER
    assert (row["Receipt number"], row["Kind"]) == (encode(found), "Receipt")
    assert (row["Amount"], row["VAT rate %"], row["VAT in amount"]) == ("-45.00", "20.00", "-7.50")
    assert (row["Fund"], row["Account"], row["Payer"]) == ("Trade Waste", "TW00001", "Payer, the")
    assert len(rows_of(client)) == 2


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing(council: Council, client_for: ClientFor, text: str) -> None:
    take(Payment(payer=text, reference=text, narrative=text))
    (row,) = rows_of(client_for(council))
    for name in ("Payer", "Reference", "Narrative"):
        assert row[name].startswith("'")


def test_who_took_it_is_recorded_without_what_they_typed(
    council: Council, client_for: ClientFor
) -> None:
    take(Payment(payer="Winterbourne"), Payment(payer="Other"))
    client = client_for(council)
    rows_of(client, "?text=winterbourne&fund=CT")
    event = AuditEvent.objects.get(act="transactions.download")
    assert event.actor_id == client.user.pk  # type: ignore[attr-defined]
    assert event.facts == {"rows": 1, "filters": ["end", "fund", "start", "text"]}
    assert event.request_id


def test_it_is_made_inside_the_council_although_sent_after_the_request(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(northmoor):
        take(Payment(payer="Of Northmoor"))
    with enter(eastshire):
        take(Payment(payer="Of Eastshire"))
    client = client_for(northmoor)
    before = council_id()
    answer = client.get("/transactions.csv")
    assert isinstance(answer, StreamingHttpResponse)
    with enter(eastshire):
        body = b"".join(answer.streaming_content).decode()
    assert "Of Northmoor" in body
    assert "Eastshire" not in body
    assert council_id() == before


def test_its_queries_grow_by_chunks_not_by_lines(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    take(Payment())
    with counted() as one:
        rows_of(client)
    take(*(Payment(n + 1) for n in range(300)))
    with counted() as many:
        assert len(rows_of(client)) == 301
    assert len(many) == len(one)


def test_what_cannot_be_read_gets_the_page_and_no_file(
    council: Council, client_for: ClientFor
) -> None:
    answer = client_for(council).get("/transactions.csv?amount=x")
    assert answer.status_code == 400
    assert "is not an amount" in text_of(answer)


def test_too_much_is_refused_with_what_to_do(
    council: Council, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(Payment(), Payment())
    monkeypatch.setattr(transactions, "DOWNLOADED", 1)
    answer = client_for(council).get("/transactions.csv")
    assert answer.status_code == 400
    assert "Choose a shorter time or a fund" in text_of(answer)
    assert not AuditEvent.objects.filter(act="transactions.download").exists()
