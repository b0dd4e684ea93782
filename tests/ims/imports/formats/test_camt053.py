"""camt.053 read exactly, and every way a bank or an attacker spoils one."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from ims.imports.formats.base import HEAD_BYTES, Controls, ParsedRow, Reading, RejectedRow, Row
from ims.imports.formats.camt053 import FORMAT
from ims.imports.formats.errors import FileRefused
from ims.imports.formats.registry import detect
from ims_config.demo.bank_files import BankLine, write_camt053

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
DAY = date(2026, 2, 9)


def balance(kind: str, amount: str, mark: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='GBP'>{amount}</Amt>"
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>2026-02-09</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "10.00", mark: str = "CRDT", *, status: str = "BOOK", more: str = "", on: str = ""
) -> str:
    booked = on or "<BookgDt><Dt>2026-02-09</Dt></BookgDt>"
    return (
        f"<Ntry><Amt Ccy='GBP'>{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>{status}</Sts>"
        f"{booked}{more}</Ntry>"
    )


def payment(amount: str, reference: str, more: str = "") -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f"<Amt Ccy='GBP'>{amount}</Amt>{more}</TxDtls>"
    )


def statement(
    entries: str,
    *,
    opening: str = "100.00",
    closing: str = "",
    identity: str = "S1",
    more: str = "",
) -> str:
    balances = balance("OPBD", opening) + balance("CLBD", closing) if closing else ""
    return (
        f"<Stmt><Id>{identity}</Id><Acct><Id><IBAN>GB29NWBK60161331926819</IBAN></Id></Acct>"
        f"{balances}{more}{entries}</Stmt>"
    )


def document(*statements: str, namespace: str = NAMESPACE, message: str = "BkToCstmrStmt") -> bytes:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{namespace}'><{message}>"
        f"{''.join(statements)}</{message}></Document>"
    ).encode()


def read(data: bytes) -> tuple[list[Row], Controls]:
    reading: Reading = FORMAT.parse(io.BytesIO(data))
    rows = list(reading)
    return rows, reading.controls


def refusal(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        list(FORMAT.parse(io.BytesIO(data)))
    return refused.value


def only_rejected(data: bytes) -> RejectedRow:
    rows, _ = read(data)
    (row,) = rows
    assert isinstance(row, RejectedRow)
    return row


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(2, 14)])
def test_every_version_is_read_by_local_name(version: str) -> None:
    """The status and the payer's name moved down a level in later versions."""
    older = int(version) < 8
    status = "BOOK" if older else "<Cd>BOOK</Cd>"
    name = "<Nm>JONES A</Nm>" if older else "<Pty><Nm>JONES A</Nm></Pty>"
    details = f"<NtryDtls><TxDtls><RltdPties><Dbtr>{name}</Dbtr></RltdPties></TxDtls></NtryDtls>"
    data = document(
        statement(entry(status=status, more=details), closing="110.00"),
        namespace=f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}",
    )
    assert FORMAT.sniff(data)
    rows, controls = read(data)
    assert rows == [
        ParsedRow(
            1, 1000, DAY, DAY, "JONES A", "", "", "", "", "60161331926819", "2026-02-09 JONES A"
        )
    ]
    assert controls == Controls(
        "S1", "60161331926819", None, 1000, None, None, 10000, 11000, DAY, DAY
    )


def test_a_prefix_and_an_envelope_change_nothing() -> None:
    text = document(statement(entry(), closing="110.00")).decode()
    body = text[text.index("<Document") :].replace("</", "</c:").replace("<", "<c:")
    body = body.replace("<c:/c:", "</c:").replace("xmlns=", "xmlns:c=")
    data = f"<Envelope><Header>x</Header>{body}</Envelope>".encode()
    assert detect(data) is FORMAT
    assert len(read(data)[0]) == 1


def test_booking_and_value_dates_may_be_times() -> None:
    on = (
        "<BookgDt><DtTm>2026-02-09T23:59:59+00:00</DtTm></BookgDt>"
        "<ValDt><Dt>2026-02-11Z</Dt></ValDt>"
    )
    (row,), _ = read(document(statement(entry(on=on))))
    assert isinstance(row, ParsedRow)
    assert (row.received_on, row.effective_on) == (DAY, date(2026, 2, 11))


@pytest.mark.parametrize(
    ("mark", "reversal", "payer"),
    [
        ("CRDT", "false", "THE DEBTOR"),
        ("DBIT", "false", "THE CREDITOR"),
        ("DBIT", "true", "THE DEBTOR"),
        ("CRDT", "1", "THE CREDITOR"),
    ],
)
def test_the_payer_is_the_other_party(mark: str, reversal: str, payer: str) -> None:
    parties = (
        f"<RvslInd>{reversal}</RvslInd><NtryDtls><TxDtls><RltdPties>"
        "<Dbtr><Nm>THE DEBTOR</Nm></Dbtr>"
        "<Cdtr><Nm>THE CREDITOR</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>"
    )
    (row,), _ = read(document(statement(entry(mark=mark, more=parties))))
    assert isinstance(row, ParsedRow)
    assert (row.payer, row.amount_pence) == (payer, 1000 if mark == "CRDT" else -1000)


def test_the_creditors_reference_comes_before_the_payers() -> None:
    strd = "<RmtInf><Strd><CdtrRefInf><Ref>770012345</Ref></CdtrRefInf></Strd></RmtInf>"
    for given, wanted in (
        (payment("10.00", "E2E-1", strd), "770012345"),
        (payment("10.00", "E2E-1"), "E2E-1"),
        (payment("10.00", "NOTPROVIDED"), ""),
    ):
        data = document(statement(entry(more=f"<NtryDtls>{given}</NtryDtls>")))
        (row,), _ = read(data)
        assert isinstance(row, ParsedRow)
        assert row.reference == wanted


# --- batches ---
def batch(*payments: str, amount: str = "30.00") -> bytes:
    more = (
        f"<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>{''.join(payments)}</NtryDtls>"
        "<AddtlNtryInf>BACS BATCH</AddtlNtryInf>"
    )
    return document(statement(entry(amount, more=more), closing="130.00"))


def test_a_batch_that_adds_up_becomes_its_payments() -> None:
    rows, controls = read(batch(payment("10.00", "R1"), payment("20.00", "R2")))
    assert [(r[0], r.amount_pence, r.reference) for r in rows if isinstance(r, ParsedRow)] == [
        (1, 1000, "R1"),
        (1, 2000, "R2"),
    ]
    assert controls.total_pence == 3000
    assert len({FORMAT.dedupe_key(row) for row in rows if isinstance(row, ParsedRow)}) == 2


@pytest.mark.parametrize(
    "payments",
    [
        (payment("10.00", "R1"), payment("20.01", "R2")),
        (payment("10.00", "R1"), "<TxDtls><Refs><EndToEndId>R2</EndToEndId></Refs></TxDtls>"),
        (payment("10.00", "R1"), payment("2e1", "R2")),
        (payment("40.00", "R1"), payment("-10.00", "R2")),
        (payment("10.00", "R1"), payment("20.00", "R2").replace("GBP", "EUR")),
    ],
    ids=["sum differs", "no amount", "unreadable", "negative", "other currency"],
)
def test_a_batch_that_does_not_add_up_stays_whole(payments: tuple[str, ...]) -> None:
    (row,), _ = read(batch(*payments))
    assert isinstance(row, ParsedRow)
    assert (row.amount_pence, row.reference, row.bank_reference) == (3000, "", "B1")
    assert row.narrative == "Batch of 2 payments BACS BATCH"


def test_a_batch_may_hold_a_payment_the_other_way() -> None:
    back = payment("5.00", "R2", "<CdtDbtInd>DBIT</CdtDbtInd>")
    rows, _ = read(batch(payment("35.00", "R1"), back))
    assert [row.amount_pence for row in rows] == [3500, -500]


# --- entries that are not money yet, or not readable ---
def test_a_pending_entry_is_listed_and_not_counted() -> None:
    data = document(statement(entry("5.00", status="PDNG") + entry(), closing="110.00"))
    (pending, booked), controls = read(data)
    assert isinstance(pending, RejectedRow)
    assert pending.amount_pence is None
    assert pending.text == "Entry 1: 5.00 CRDT PDNG 2026-02-09"
    assert pending.reason == (
        "The bank has not booked this entry yet (pending). It will come again when it has."
    )
    assert (booked.line_number, booked.amount_pence, controls.total_pence) == (2, 1000, 1000)


def test_an_unknown_status_is_rejected_but_counts() -> None:
    rows, controls = read(document(statement(entry(status="MAYB"), closing="110.00")))
    assert [type(row) for row in rows] == [RejectedRow]
    assert (rows[0].amount_pence, controls.total_pence) == (1000, 1000)


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("NaN", "“NaN” is not an amount."),
        ("1e5", "“1e5” is not an amount."),
        ("10.001", "“10.001” is not an amount."),
        ("\uff11\uff10.\uff10\uff10", "“\uff11\uff10.\uff10\uff10” is not an amount."),
        ("99999999999.00", "“99999999999.00” is too large."),
        ("-10.00", "“-10.00” is negative. camt.053 says money out with DBIT"),
        ("-0.00", "“-0.00” is negative."),
        ("", "There is no amount (Amt)."),
        ("0.00", "The amount is nil"),
    ],
)
def test_a_bad_amount_is_rejected_and_says_why(amount: str, why: str) -> None:
    row = only_rejected(document(statement(entry(amount))))
    assert row.reason.startswith(why)
    assert row.line_number == 1
    assert row.amount_pence == (0 if amount == "0.00" else None)


def test_a_bad_amount_with_balances_refuses_the_file_and_names_the_entry() -> None:
    refused = refusal(document(statement(entry() + entry("20.001"), closing="130.00")))
    assert refused.code == "imports.balances_do_not_agree"
    assert refused.message == (
        "Statement S1 does not add up: its entries make £110.00 with the opening balance of "
        "£100.00, but it says a closing balance of £130.00. Look at entry 2: “20.001” is not an "
        "amount. Write pounds and pence, like 1234.50. Nothing was kept. "
        "Ask the bank to send it again."
    )


@pytest.mark.parametrize(
    "day", ["2026-13-09", "2026-02-30", "09/02/2026", "0026-02-09", "2026-W07-1"]
)
def test_a_bad_date_is_rejected_and_its_amount_still_counts(day: str) -> None:
    on = f"<BookgDt><Dt>{day}</Dt></BookgDt>"
    (row,), controls = read(document(statement(entry(on=on), closing="110.00")))
    assert isinstance(row, RejectedRow)
    assert day in row.reason
    assert (row.amount_pence, controls.total_pence) == (1000, 1000)


def test_no_date_and_no_direction_are_rejected() -> None:
    assert only_rejected(document(statement(entry(on="<X/>")))).reason.startswith(
        "There is no date."
    )
    row = only_rejected(document(statement(entry(mark="BOTH"))))
    assert row.reason.startswith("“BOTH” is neither CRDT nor DBIT")


def test_control_characters_and_long_texts_are_made_safe() -> None:
    info = f"<AddtlNtryInf>A&#9;B\u202e \u00a0C&#10;{'é' * 600}</AddtlNtryInf>"
    (row,), _ = read(document(statement(entry(more=info))))
    assert isinstance(row, ParsedRow)
    assert row.narrative == "A B C " + "é" * 494


# --- the file as a whole ---
def test_entries_that_do_not_make_the_closing_balance_refuse_the_file() -> None:
    refused = refusal(document(statement(entry(), closing="110.01")))
    assert refused.code == "imports.balances_do_not_agree"
    assert "£110.00 with the opening balance of £100.00" in refused.message
    assert "a closing balance of £110.01" in refused.message


def test_an_overdrawn_balance_is_negative() -> None:
    balances = balance("PRCD", "50.00", "DBIT") + balance("CLBD", "40.00", "DBIT")
    _, controls = read(document(statement(entry(), more=balances)))
    assert (controls.opening_pence, controls.closing_pence, controls.total_pence) == (
        -5000,
        -4000,
        1000,
    )


def test_without_balances_nothing_is_declared() -> None:
    _, controls = read(document(statement(entry())))
    assert controls == Controls("S1", "60161331926819")


def test_an_unreadable_balance_refuses_the_file() -> None:
    refused = refusal(document(statement(entry(), closing="1.1e2")))
    assert refused.code == "imports.balances_do_not_agree"
    assert "“1.1e2” is not an amount" in refused.message


def test_each_statement_of_a_file_is_checked_and_the_file_is_summed() -> None:
    good = statement(entry(), closing="110.00")
    second = statement(entry("1.00", "DBIT"), opening="7.00", closing="6.00", identity="S2")
    reading = FORMAT.parse(io.BytesIO(document(good, second)))
    assert [(row.line_number, row.amount_pence) for row in reading] == [(1, 1000), (2, -100)]
    assert [each.statement_id for each in reading.statements] == ["S1", "S2"]
    assert (reading.controls.total_pence, reading.controls.opening_pence) == (900, None)
    assert reading.controls.bank_account == "60161331926819"
    wrong = second.replace("6.00", "5.00")
    assert "Statement S2 does not add up" in refusal(document(good, wrong)).message


def summary(count: str, credit: str) -> str:
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries>"
        f"<TtlCdtNtries><Sum>{credit}</Sum></TtlCdtNtries></TxsSummry>"
    )


def test_the_summary_is_checked_too() -> None:
    _, controls = read(document(statement(entry() * 2, more=summary("2", "20.00"))))
    assert (controls.entry_count, controls.credit_pence, controls.debit_pence) == (2, 2000, None)
    assert refusal(document(statement(entry(), more=summary("2", "10.00")))).code == (
        "imports.entry_count_differs"
    )
    refused = refusal(document(statement(entry(), more=summary("1", "10.01"))))
    assert "its entries make £10.00 in credits, but it says credits of £10.01" in refused.message


def test_a_summary_may_count_pending_entries_or_not() -> None:
    entries = entry() + entry(status="PDNG")
    for count in ("1", "2"):
        assert len(read(document(statement(entries, more=summary(count, "9.99"))))[0]) == 2
    assert refusal(document(statement(entries, more=summary("3", "1.00")))).facts["found"] == 2


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>"""


@pytest.mark.parametrize(
    "prologue",
    [
        BOMB,
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b"<!--" + b"x" * (HEAD_BYTES + 10) + b"--><!DOCTYPE x>",
    ],
    ids=["bomb", "external", "external entity", "hidden behind a comment"],
)
def test_a_doctype_is_refused_before_anything_is_read(prologue: bytes) -> None:
    text = document(statement(entry(more="<AddtlNtryInf>&c;</AddtlNtryInf>")))
    data = prologue + text[text.index(b"<Document") :]
    assert refusal(data).code == "imports.xml_has_doctype"


def test_a_doctype_in_utf_16_is_refused() -> None:
    data = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x><Document/>".encode("utf-16-le")
    assert refusal(data).code == "imports.xml_has_doctype"
    with pytest.raises(FileRefused) as refused:
        detect(data)
    assert refused.value.code == "imports.xml_has_doctype"


def test_an_encoding_that_hides_markup_is_refused() -> None:
    data = document(statement(entry())).replace(b"UTF-8", b"UTF-7")
    assert refusal(data).code == "imports.encoding_unreadable"


def test_an_undeclared_entity_is_not_well_formed() -> None:
    refused = refusal(document(statement(entry(more="<AddtlNtryInf>&c;</AddtlNtryInf>"))))
    assert refused.code == "imports.xml_broken"


def test_a_file_cut_short_is_refused_with_its_line() -> None:
    data = document(statement("\n".join([entry()] * 5), closing="150.00"))
    refused = refusal(data[:-200])
    assert refused.code == "imports.xml_broken"
    assert refused.facts["line_number"] == 4
    assert "It may be cut short." in refused.message


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("BkToCstmrDbtCdtNtfctn", "camt.054"),
        ("BkToCstmrAcctRpt", "camt.052"),
        ("CstmrCdtTrfInitn", "pain.001"),
    ],
)
def test_other_messages_are_named(message: str, name: str) -> None:
    data = document("<X/>", message=message)
    assert not FORMAT.sniff(data)
    assert f"The file is {name}" in refusal(data).message
    with pytest.raises(FileRefused) as refused:
        detect(data)
    assert refused.value.code == "imports.message_not_supported"


def test_xml_that_is_no_statement_is_refused() -> None:
    assert refusal(b"<html><body>Sign in</body></html>").code == "imports.no_statement"
    assert refusal(document("<GrpHdr/>")).code == "imports.no_statement"
    with pytest.raises(FileRefused) as refused:
        detect(b"<html><body>Sign in</body></html>")
    assert refused.value.code == "imports.no_statement"


@pytest.mark.parametrize(
    "data",
    [
        document(statement(entry().replace("GBP", "EUR"))),
        document(statement(entry(), closing="110.00").replace("GBP", "USD", 1)),
        document(statement(entry()).replace("</Acct>", "<Ccy>EUR</Ccy></Acct>")),
    ],
    ids=["entry", "balance", "account"],
)
def test_money_that_is_not_pounds_is_refused(data: bytes) -> None:
    refused = refusal(data)
    assert refused.code == "imports.currency_not_supported"
    assert "not in pounds (GBP)" in refused.message


def test_the_file_we_write_ourselves_reads_back(tmp_path: Path) -> None:
    lines = [
        BankLine(DAY, 12345, "SMITH & SON", "770012345", "COUNCIL TAX"),
        BankLine(date(2026, 2, 10), -1200, narrative="UNPAID <CHEQUE>"),
    ]
    path = tmp_path / "statement.xml"
    written = write_camt053(path, lines)
    rows, controls = read(path.read_bytes())
    assert [
        (r.received_on, r.amount_pence, r.payer, r.reference, r.narrative)
        for r in rows
        if isinstance(r, ParsedRow)
    ] == [(r.booked_on, r.amount_pence, r.payer, r.reference, r.narrative) for r in lines]
    assert (written.lines, written.total_pence) == (len(rows), controls.total_pence)
