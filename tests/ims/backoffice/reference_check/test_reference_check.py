"""The test bench of references: every verdict in words, thousands at once, and nothing changed."""

from __future__ import annotations

import csv
import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ims.accounts.models import CheckDigit, ReferenceRule
from ims.backoffice.reference_check.reading import MAX_REFERENCES, as_lines, read_text
from ims.funds.models import Fund
from ims_kernel.audit.models import AuditEvent
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.accounts import applied, csv_of, line
from tests.ims.backoffice.bank_day import counted, text_of

ONE, MANY = "/accounts/test-references", "/accounts/test-references/list"


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may see accounts; TW has the rule of parking fines."""
    digit = CheckDigit.objects.create(
        code="P11", name="Parking", method="weighted", modulus=11,
        weights=[9, 8, 7, 6, 5, 4, 3, 2, 1, 0], source_substitution="05",
        result_substitutions="10:A",
    )  # fmt: skip
    ReferenceRule.objects.create(
        code="PCN", name="Parking fines", min_length=10, max_length=10, mask="BJ#######@",
        check_digit=digit, example_reference="BJ12345673",
    )  # fmt: skip
    Fund.objects.filter(code="TW").update(
        account_pattern="", reference_rule_code="PCN", max_pence=10_000
    )
    return client_for(council, ["accounts.view"])


def ask(client: Client, reference: str, **more: str) -> str:
    return text_of(client.post(ONE, {"against": "fund:TW", "reference": reference, **more}))


def test_every_step_is_said_for_a_reference_that_passes(client: Client) -> None:
    words = ask(client, " bj 1234 5673")
    assert "BJ12345673 Passes" in words
    assert "TW Trade Waste takes this reference, and it is kept as shown." in words
    assert "Length Passes It has 10 characters." in words
    assert "Mask Passes It fits the mask BJ#######@." in words
    assert "Check digit Passes The check character is right." in words


def test_every_step_is_said_for_a_reference_that_fails(client: Client) -> None:
    words = ask(client, "BK1234567", amount="200")
    assert "BK1234567 Fails" in words
    assert "TW Trade Waste does not take this reference." in words
    assert "Amount Fails £200.00 is outside the limits. The most Trade Waste takes" in words
    assert "Length Fails It has 9 characters. It must have 10." in words
    assert "Mask Fails Character 2 is “K”." in words


def test_a_rule_is_tried_with_its_example_from_its_own_page(client: Client) -> None:
    page = client.get(f"{ONE}/rule/PCN")
    assert 'value="BJ12345673"' in page.content.decode()
    answer = text_of(client.post(ONE, {"against": "rule:PCN", "reference": "BJ1234563A"}))
    assert "Rule PCN Parking fines takes this reference" in answer
    ReferenceRule.objects.update(is_active=False)
    assert 'value="BJ12345673"' in client.get(f"{ONE}/rule/PCN").content.decode()
    answer = text_of(client.post(ONE, {"against": "rule:PCN", "reference": "BJ1234563A"}))
    assert "Rule PCN Parking fines takes this reference" in answer
    assert client.get(f"{ONE}/rule/NOPE").status_code == 404


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"against": ""}, "Select a fund or a reference rule"),
        ({"against": "fund:QQ"}, "Select a fund or a reference rule that is there"),
        ({"reference": ""}, "Enter a reference"),
        ({"amount": "much"}, "“much” is not an amount"),
        ({"method": "NOPE"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: Client, answers: dict[str, str], words: str
) -> None:
    given = {"against": "fund:TW", "reference": "X", **answers}
    assert words in text_of(client.post(ONE, given))


def test_a_blank_reference_is_a_verdict_and_a_hostile_one_is_only_text(client: Client) -> None:
    assert "Length Fails There is no customer number." in ask(client, "   ")
    body = client.post(ONE, {"against": "fund:TW", "reference": "<script>alert(1)</script>"})
    assert b"<script>alert" not in body.content
    assert "&lt;SCRIPT&gt;" in body.content.decode()


# --- a list
LIST = (
    "Reference,Name\r\nBJ12345673,Jones\r\nBJ12345674,Smith\r\n=1+1,Evil\r\n\r\nbj1234563a,Ali\r\n"
)


def test_a_pasted_list_is_a_table_with_counts_and_reasons(client: Client) -> None:
    words = text_of(client.post(MANY, {"against": "fund:TW", "pasted": LIST}))
    assert "Tested 4 Pass 2 Fail 2" in words
    assert "Check digit: 1 Length: 1" in words
    assert "2 BJ12345674 Fails The check character" in words
    assert words.index("2 BJ12345674") < words.index("1 BJ12345673")  # those that fail come first


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_uploaded_list_is_read_as_a_pasted_one(client: Client, encoding: str) -> None:
    data = LIST.replace("Evil", "Zoë").encode(encoding)
    answers = {"against": "fund:TW", "file": SimpleUploadedFile("list.csv", data)}
    assert "Tested 4 Pass 2 Fail 2" in text_of(client.post(MANY, answers))


def test_the_download_is_safe_for_a_spreadsheet_and_in_the_order_of_the_list(
    client: Client,
) -> None:
    answer = client.post(
        MANY, {"against": "fund:TW", "pasted": as_lines(read_text(LIST)), "download": "csv"}
    )
    assert answer["Content-Disposition"] == 'attachment; filename="tested-references.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Number", "Reference", "Kept as", "Result", "Step", "Reason"]
    assert [row[:5] for row in rows[1:]] == [
        ["1", "BJ12345673", "BJ12345673", "Passes", ""],
        ["2", "BJ12345674", "BJ12345674", "Fails", "Check digit"],
        ["3", "'=1+1", "'=1+1", "Fails", "Length"],
        ["4", "bj1234563a", "BJ1234563A", "Passes", ""],
    ]
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.facts) == ("accounts.download_reference_check", {"references": 4})


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"pasted": ""}, "Paste at least one reference"),
        ({"pasted": "Reference\n"}, "Paste at least one reference"),
        ({"pasted": "A\n" * (MAX_REFERENCES + 1)}, "more than 10,000 references"),
        ({"pasted": "A", "against": ""}, "Select a fund or a reference rule"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04...")}, "Save the list as CSV"),
        ({"file": SimpleUploadedFile("a.csv", b"A" * (2 * 1024 * 1024 + 1))}, "larger than 2MB"),
        ({"file": SimpleUploadedFile("a.csv", b"A\x00B")}, "This is not text"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "The selected file is empty"),
        ({"file": SimpleUploadedFile("a.csv", b'"' + b"A" * 140_000)}, "cannot be read after"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_words(
    client: Client, answers: dict[str, object], words: str
) -> None:
    given = {"against": "fund:TW", **answers}
    assert words in text_of(client.post(MANY, given))


def test_what_is_in_a_reference_survives_the_way_to_the_download() -> None:
    odd = ['a"b', "c,d", "e;f", "g\th", "'", "x" * 100, "é"]
    assert read_text(as_lines(odd)) == odd


def test_ten_thousand_references_with_accounts_take_one_look_up(client: Client) -> None:
    applied(csv_of(*(line(f"A{number}") for number in range(100))), fund="TW")
    Fund.objects.filter(code="TW").update(account_rule="exists", reference_rule_code="")
    pasted = "\n".join(f"A{number}" for number in range(MAX_REFERENCES))
    began = time.process_time()
    with counted() as queries:
        words = text_of(client.post(MANY, {"against": "fund:TW", "pasted": pasted}))
    assert time.process_time() - began < 5
    assert sum("accounts_accountholder" in query for query in queries) == 1
    assert "Tested 10,000 Pass 100 Fail 9,900" in words
    assert "The first 500 are below" in words


def test_its_queries_do_not_grow_with_the_list_or_the_funds(client: Client) -> None:
    with counted() as few:
        client.post(MANY, {"against": "fund:TW", "pasted": "BJ12345673"})
    fund = Fund.objects.get(code="TW")
    for number in range(20):
        fund.pk, fund.code = None, f"X{number}"
        fund.save()
    with counted() as many:
        client.post(MANY, {"against": "fund:TW", "pasted": LIST * 50})
    assert len(few) == len(many), "\n".join(many)


@pytest.fixture
def neighbour(eastshire: Council, client_for: ClientFor) -> Client:
    """Somebody at Eastshire who may see accounts. Made before the neighbour is measured."""
    return client_for(eastshire, ["accounts.view"])


def test_only_who_may_see_accounts_and_only_their_own_councils(
    neighbour: Client, client: Client, council: Council, client_for: ClientFor
) -> None:
    other = client_for(council, ["suspense.view"])
    for address in (ONE, MANY, f"{ONE}/rule/PCN"):
        assert other.get(address).status_code == 403
        assert client.get(address).status_code == 200
    assert neighbour.get(f"{ONE}/rule/PCN").status_code == 404
    assert "Parking fines" not in neighbour.get(ONE).content.decode()
    answer = neighbour.post(ONE, {"against": "rule:PCN", "reference": "BJ12345673"})
    assert "Select a fund or a reference rule that is there" in text_of(answer)
