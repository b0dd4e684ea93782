"""Every way a file can be bad, through the desk: rejected with what to do, and nothing posted."""

from __future__ import annotations

import re

import pytest

from ims.imports import selectors, states
from ims.imports.errors import ImportStepRefused
from ims.imports.posting import post_file
from ims.imports.services import request_post
from ims.ledger.models import Entry
from ims_tenants.models import Council
from tests.factories.bank_files import HEADER, csv_file, read, row
from tests.factories.drafts import AT, TESTER, problems

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol;" * 10) for n in range(1, 10))
    + b"]><Document>&lol9;</Document>"
)


def camt(closing: str = "110.00", *, cut: int | None = None) -> bytes:
    """A camt.053 whose one entry of £10.00 takes £100.00 to `closing`."""

    def balance(kind: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='GBP'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-19</Dt></Dt></Bal>"
        )

    entry = (
        "<Ntry><Amt Ccy='GBP'>10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt>"
        "<Dt>2026-11-19</Dt></BookgDt></Ntry>"
    )
    text = (
        f"<Document xmlns='{NAMESPACE}'><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id>"
        "<IBAN>GB29NWBK60161331926819</IBAN></Id></Acct>"
        f"{balance('OPBD', '100.00')}{balance('CLBD', closing)}{entry}</Stmt></BkToCstmrStmt>"
        "</Document>"
    )
    return text.encode()[:cut]


# What the file is, its bytes, and what the person is told.
BAD: list[tuple[str, bytes, str]] = [
    ("empty", b"", "The file is empty. Download it from the bank again."),
    ("blank", b" \r\n\t\n", "The file is empty. Download it from the bank again."),
    (
        "no lines",
        csv_file(),
        (
            "The file has a header but no bank lines under it. Check the dates you chose at the "
            "bank, then download it again."
        ),
    ),
    (
        "a workbook",
        b"PK\x03\x04" + bytes(range(256)) * 20,
        (
            "The file is an Excel workbook or a zip archive, not a bank statement we can read. "
            "Download it from the bank as CSV or as camt.053 XML."
        ),
    ),
    (
        "binary",
        bytes(range(256)) * 40 + bytes(5_000),
        (
            "The file is binary data, not a bank statement we can read. Download it from the bank "
            "as CSV or as camt.053 XML."
        ),
    ),
    (
        "mis-encoded",
        csv_file(row(), row(narrative="@")).replace(b"@", b"\x81\xff"),
        (
            "The file is not readable text: byte 228 is not valid UTF-8 or Windows-1252 text. It "
            "may be damaged. Download it from the bank again."
        ),
    ),
    (
        "half a UTF-16 character",
        csv_file(row()).decode().encode("utf-16")[:-1],
        (
            "The file is not readable text: byte 333 is not valid UTF-16. It may be damaged. "
            "Download it from the bank again."
        ),
    ),
    (
        "an open quotation mark",
        csv_file(row(narrative='"PAID BY'), row()),
        "Line 2 opens a quotation mark",
    ),
    (
        "a changed header",
        csv_file(row()).replace(b"Customer Reference", b"Customer Ref"),
        (
            "The file looks like Lloyds Commercial Banking CSV, but its header has changed. "
            "Missing: “Customer Reference”. Not known: “Customer Ref”."
        ),
    ),
    ("not a bank file", b"a,b,c\n1,2,3\n", "We cannot tell which bank file this is."),
    (
        "an entity bomb",
        BOMB,
        (
            "The file has a DOCTYPE or entity declaration. Bank statements never do, and it can "
            "be an attack, so it was not read. Download it from the bank again; if it comes "
            "again, tell support."
        ),
    ),
    (
        "an entity bomb in a statement",
        BOMB.replace(b"<Document>", f"<Document xmlns='{NAMESPACE}'>".encode()),
        "The file has a DOCTYPE or entity declaration.",
    ),
    (
        "entries that do not add up",
        camt("111.00"),
        (
            "Statement S1 does not add up: its entries make £110.00 with the opening "
            "balance of £100.00, but it says a closing balance of £111.00. Nothing was kept."
        ),
    ),
    ("truncated XML", camt(cut=-60), "The file is not complete XML."),
    (
        "balances that do not follow",
        csv_file(
            row("10.00") + "110.00", row("5.00") + "115.00", row("1.00") + "999.00", row() + "9.00"
        ),
        "The balances do not follow from the amounts. At line 4 the balance is £999.00",
    ),
    (
        "dollars",
        csv_file(row()).replace(b" GBP", b" USD"),
        "Account 200000-12345678 USD is in USD, not in pounds (GBP).",
    ),
]


@pytest.mark.parametrize(("data", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_file_is_rejected_in_words_and_nothing_is_posted(
    council: Council, data: bytes, message: str
) -> None:
    found = read(data)
    assert found.state == states.REJECTED
    assert message in found.refusal
    assert (found.row_count, found.total_pence, found.posted_count) == (0, 0, 0)
    assert not selectors.rows(found.pk).exists()
    with pytest.raises(ImportStepRefused):
        request_post(found.pk, actor=TESTER, at=AT)
    assert Entry.objects.count() == 0
    assert problems() == []


def test_the_good_statement_is_taken(council: Council) -> None:
    """Else the statement that does not add up would prove nothing."""
    found = read(camt())
    assert (found.state, found.declared_pence, found.total_pence) == (states.READY, 1_000, 1_000)
    assert (found.format_code, found.bank_account) == ("camt053", "60161331926819")


@pytest.mark.parametrize("rows", [[row(account="309999-87654321")], [row(), row(account="1-2")]])
def test_a_file_of_another_bank_account_is_rejected(council: Council, rows: list[str]) -> None:
    found = read(csv_file(*rows), profile="main")
    assert found.state == states.REJECTED
    assert re.fullmatch(
        r"This file is for bank account ending \d+\. The profile “Main account” takes account "
        r"ending 5678\. Choose the other profile, or ask for the right file\.",
        found.refusal,
    )
    assert not selectors.rows(found.pk).exists()
    assert read(csv_file(row()), profile="main").state == states.READY


AMOUNTS = [
    ("NaN", "“NaN” is not an amount. Write pounds and pence, like 1234.50."),
    ("Infinity", "“Infinity” is not an amount. Write pounds and pence, like 1234.50."),
    ("1e5", "“1e5” is not an amount. Write pounds and pence, like 1234.50."),
    ("1_000", "“1_000” is not an amount. Write pounds and pence, like 1234.50."),
    ("１２.５０", "“１２.５０” is not an amount. Write pounds and pence, like 1234.50."),  # noqa: RUF001
    ("10.005", "“10.005” is not an amount. Write pounds and pence, like 1234.50."),
    ("--5.00", "“--5.00” is not an amount. Write pounds and pence, like 1234.50."),
    ("", "“” is not an amount. Write pounds and pence, like 1234.50."),
    ("0.00", "The amount is nil, so there is nothing to post."),
    (
        "10000000000.00",
        "“10000000000.00” is too large. An amount must be under £10,000,000,000.",
    ),
    ("9" * 30, f"“{'9' * 30}” is not an amount. Write pounds and pence, like 1234.50."),
]


@pytest.mark.parametrize(("amount", "reason"), AMOUNTS)
def test_a_bad_amount_rejects_its_row_and_no_other(
    council: Council, amount: str, reason: str
) -> None:
    found = read(csv_file(row("1.00"), row(amount), row("2.00")))
    assert (found.state, found.row_count, found.rejected_count) == (states.READY, 3, 1)
    bad = selectors.rows(found.pk)[1]
    assert (bad.outcome, bad.line_number, bad.reason) == ("reject", 3, reason)
    assert bad.text.startswith("19/11/2026,200000-12345678 GBP,COUNCIL,BGC,")
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    done = post_file(found.pk, clock=lambda: AT)
    assert (done.posted_count, done.posted_pence, done.rejected_count) == (2, 300, 1)
    assert problems() == []


def test_a_negative_amount_is_money_out_and_is_posted(council: Council) -> None:
    found = read(csv_file(row("-12.34", "60000000001")))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    done = post_file(found.pk, clock=lambda: AT)
    assert (done.posted_count, done.posted_pence) == (1, -1_234)
    assert problems() == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(on="31/02/2026"), "“31/02/2026” is not a date."),
        (row(on="2026-11-19"), "“2026-11-19” is not a date. Dates are day/month/year"),
        (row(on="19/11/0026"), "“19/11/0026” has a year outside 1990 to 2099."),
        (row(on=""), "There is no date. Add the date the bank booked this line."),
        ("19/11/2026,200000-12345678 GBP", "The line has 2 columns and needs 8. It may be cut"),
        (row() + ",,,surplus", "needs 8. There may be a comma inside a text"),
    ],
)
def test_a_bad_line_is_rejected_with_its_number_and_its_text(
    council: Council, line: str, reason: str
) -> None:
    found = read(csv_file(row("1.00"), line, row("2.00")))
    assert (found.state, found.row_count, found.rejected_count) == (states.READY, 3, 1)
    bad = selectors.rows(found.pk)[1]
    assert (bad.outcome, bad.line_number) == ("reject", 3)
    assert reason in bad.reason


def test_hostile_texts_are_stored_as_texts(council: Council) -> None:
    texts = [
        "=1+1",
        "<script>alert(1)</script>",
        "A\x00B",
        "x" * 2_000,
        "Zo\u0308e \u202e 😀",
        "x'; --",
    ]
    found = read(csv_file(*(row(narrative=text) for text in texts)))
    assert (found.state, found.rejected_count) == (states.READY, 0)
    kept = [r.narrative for r in selectors.rows(found.pk)]
    assert kept == [
        "=1+1",
        "<script>alert(1)</script>",
        "AB",
        "x" * 500,
        "Zo\u0308e 😀",
        "x'; --",
    ]


@pytest.mark.parametrize("name", ["", "x" * 500, "a\x00b.csv", "../../etc/passwd", "😀.csv"])
def test_a_files_name_is_only_a_label(council: Council, name: str) -> None:
    found = read(csv_file(row()), name)
    assert found.state == states.READY
    assert found.file_name == (name.replace("\x00", "")[:200] or "file without a name")
    assert "passwd" not in found.stored_path


def test_the_header_of_these_tests_is_the_banks() -> None:
    assert HEADER.count(",") == 7
