"""Bank CSVs read exactly, with the quirks of each bank and every way a file is spoilt."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims.imports.formats.base import Controls, ImportFormat, ParsedRow, RejectedRow, Row
from ims.imports.formats.errors import FileRefused
from ims.imports.formats.registry import detect, get
from ims_config.demo.bank_files import LLOYDS_HEADER, BankLine, write_lloyds_csv
from ims_kernel.money import plain_pounds

DAY = date(2026, 2, 9)
LLOYDS = get("lloyds_commercial_csv")
HSBC = get("hsbc_csv")
NATWEST = get("natwest_csv")
BUSINESS = get("lloyds_business_csv")
BARCLAYS = get("barclays_csv")
BANKLINE = get("bankline_csv")
HEADER = {
    LLOYDS.code: ",".join(LLOYDS_HEADER),
    HSBC.code: "Date,Type,Description,Amount,Balance",
    NATWEST.code: "Date,Type,Description,Value,Balance,Account Name,Account Number,",
    BUSINESS.code: "Transaction Date,Transaction Type,Sort Code,Account Number,"
    "Transaction Description,Debit Amount,Credit Amount,Balance,",
    BARCLAYS.code: "Number,Date,Account,Amount,Subcategory,Memo",
    BANKLINE.code: "",
}


def file_of(each: ImportFormat, *lines: str) -> bytes:
    header = [HEADER[each.code]] if HEADER[each.code] else []
    return ("\n".join([*header, *lines]) + "\n").encode()


def read(each: ImportFormat, *lines: str) -> list[Row]:
    return list(each.parse(io.BytesIO(file_of(each, *lines))))


def controls_of(each: ImportFormat, *lines: str) -> Controls:
    reading = each.parse(io.BytesIO(file_of(each, *lines)))
    assert list(reading)
    return reading.controls


def one(each: ImportFormat, line: str) -> ParsedRow:
    (row,) = read(each, line)
    assert isinstance(row, ParsedRow), row
    return row


def rejected(each: ImportFormat, line: str) -> RejectedRow:
    (row,) = read(each, line)
    assert isinstance(row, RejectedRow), row
    return row


def refusal(each: ImportFormat, data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        list(each.parse(io.BytesIO(data)))
    return refused.value


def hsbc(
    amount: str = "10.00", *, balance: str = "", day: str = "09 Feb 2026", text: str = "X"
) -> str:
    return f'{day},BP,{text},"{amount}",{balance}'


def test_a_row_has_every_field() -> None:
    line = '09/02/2026,300000-12345678 GBP,ANYTOWN,CHQ,"-1,234.50", 100234 ,UNPAID  CHEQUE,1.00'
    assert one(LLOYDS, line) == ParsedRow(
        line_number=2,
        amount_pence=-123450,
        received_on=DAY,
        effective_on=DAY,
        payer="",
        reference="100234",
        narrative="UNPAID CHEQUE",
        bank_reference="",
        bank_code="CHQ",
        bank_account="30000012345678",
        text="09/02/2026,300000-12345678 GBP,ANYTOWN,CHQ,-1,234.50, 100234 ,UNPAID CHEQUE,1.00",
    )


# --- quirks ---
def test_apostrophes_and_trailing_commas_are_dropped() -> None:
    row = one(NATWEST, "09 Feb 2026,BAC,'770012345 SMITH J,123.45,1.00,'ANYTOWN,'500000-12345678,")
    assert (row.narrative, row.bank_account) == ("770012345 SMITH J", "50000012345678")
    row = one(BUSINESS, "09/02/2026,FPI,'30-00-00,'12345678,'SMITH,,50.00,1.00,,,")
    assert (row.narrative, row.bank_account, row.amount_pence) == ("SMITH", "30000012345678", 5000)


def test_a_barclays_memo_is_unpadded_and_its_number_is_the_reference() -> None:
    row = one(BARCLAYS, "100234,09/02/2026,20-00-00 12345678,-5.00,CHQ,CHEQUE       \t  100234")
    assert (row.reference, row.narrative, row.amount_pence) == ("100234", "CHEQUE 100234", -500)


def test_a_bankline_cheque_number_is_a_reference_only_on_cheques() -> None:
    start = "500000,12345678,ANYTOWN,CURRENT,GBP,,,,,09/02/2026,100234,PAID IN,AT BRANCH,,,"
    cheque, transfer = read(BANKLINE, start + "CHQ,12.00,", start + "BAC,,12.00")
    assert (cheque[4:7], cheque.amount_pence) == (("", "100234", "PAID IN AT BRANCH"), -1200)
    assert (transfer[4:7], transfer.amount_pence) == (("", "", "100234 PAID IN AT BRANCH"), 1200)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_line_ends_and_encodings(end: bytes, mark: str) -> None:
    text = file_of(HSBC, hsbc(text="CAFÉ £5"), "", hsbc(text="b")).decode()
    data = text.replace("\n", end.decode()).encode(mark)
    assert detect(data) is HSBC
    rows = list(HSBC.parse(io.BytesIO(data)))
    assert [(r[0], r[6]) for r in rows if isinstance(r, ParsedRow)] == [(2, "CAFÉ £5"), (4, "b")]


def test_one_windows_pound_sign_at_the_end_decides_the_whole_file() -> None:
    data = (
        file_of(HSBC, *[hsbc(text="é")] * 3).decode().encode("cp1252")
        + b"09 Feb 2026,BP,\xa3,1.00,\n"
    )
    rows = list(HSBC.parse(io.BytesIO(data)))
    assert [r.narrative for r in rows if isinstance(r, ParsedRow)] == ["é", "é", "é", "£"]


def test_control_characters_are_removed_and_long_texts_cut() -> None:
    row = one(HSBC, hsbc(text="A\x00B\x07\u200b\u202e  C\u00a0\u2028D" + "é" * 600))
    assert row.narrative == "AB C D" + "é" * 494
    assert len(row.text) <= 1000
    assert "\x00" not in row.text


def test_blank_lines_are_skipped_and_footers_are_no_money() -> None:
    rows = read(
        HSBC, "", hsbc(balance="10.00"), ",,,,", "Total,,,10.00,", "Closing balance,,,,10.00"
    )
    assert [type(row) for row in rows] == [ParsedRow, RejectedRow, RejectedRow]
    assert [row.amount_pence for row in rows] == [1000, None, None]
    assert isinstance(rows[1], RejectedRow)
    assert rows[1].reason.startswith("This looks like a total or footer")
    assert rows[1].line_number == 5


def test_a_payee_called_total_is_still_money() -> None:
    assert one(HSBC, hsbc(text="TOTAL ENERGY")).narrative == "TOTAL ENERGY"


# --- one bad line ---
@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("NaN", "“NaN” is not an amount."),
        ("Infinity", "“Infinity” is not an amount."),
        ("1e5", "“1e5” is not an amount."),
        ("12.345", "“12.345” is not an amount."),
        ("1,23.00", "“1,23.00” is not an amount."),
        ("1_000.00", "“1_000.00” is not an amount."),
        ("\uff11\uff12.\uff15\uff10", "“\uff11\uff12.\uff15\uff10” is not an amount."),
        ("٣.00", "“٣.00” is not an amount."),
        ("12.00-", "“12.00-” is not an amount."),
        ("(12.00)", "“(12.00)” is not an amount."),
        ("12.0\x003", "“12.03” is not an amount."),
        ("10000000000.00", "“10000000000.00” is too large."),
        ("9" * 40 + ".00", "“9999"),
        ("", "“” is not an amount."),
        ("0.00", "The amount is nil"),
    ],
)
def test_a_bad_amount_is_rejected_and_takes_no_good_line_with_it(amount: str, why: str) -> None:
    if amount == "12.0\x003":
        # A NUL is dropped before the amount is read, as it is from texts.
        assert one(HSBC, hsbc(amount)).amount_pence == 1203
        return
    first, bad, last = read(HSBC, hsbc(), hsbc(amount), hsbc("-3.00"))
    assert (first.amount_pence, last.amount_pence) == (1000, -300)
    assert isinstance(bad, RejectedRow)
    assert bad.line_number == 3
    assert bad.reason.startswith(why)
    assert bad.amount_pence == (0 if amount == "0.00" else None)


@pytest.mark.parametrize(
    "day",
    ["13/13/2026", "02/30/2026", "31/02/2026", "2026-02-09", "09/02/26", "9 Foo 2026",
     "\uff10\uff19/02/2026", "09/02/0026", "09/02/9026", "Date"],
)  # fmt: skip
def test_a_bad_date_is_rejected_with_its_amount(day: str) -> None:
    row = rejected(HSBC, hsbc(day=day))
    assert day in row.reason
    assert row.amount_pence == 1000
    assert row.text == f"{day},BP,X,10.00,"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("09/02/2026,FPI,'30-00-00,12345678,X,,,1.00,", "There is no amount."),
        ("09/02/2026,FPI,'30-00-00,12345678,X,5.00,5.00,1.00,", "The line has both a debit and"),
        ("09/02/2026,FPI,'30-00-00,12345678,X,-5.00,,1.00,", "The amount is negative in a column"),
        ("09/02/2026,FPI,'30-00-00,12345678,X,0.00,0.00,1.00,", "The amount is nil"),
        (
            "09/02/2026,FPI,'30-00-00,12345678,X",
            "The line has 5 columns and needs 8. It may be cut",
        ),
        ("09/02/2026,FPI,'30-00-00,12345678,SMITH, J,,5.00,1.00,", "The line has 10 columns and"),
    ],
)
def test_a_bad_line_says_why(line: str, why: str) -> None:
    assert rejected(BUSINESS, line).reason.startswith(why)


def test_a_nil_beside_an_amount_is_an_empty_cell() -> None:
    assert one(BUSINESS, "09/02/2026,FPI,300000,12345678,X,0.00,5.00,1.00").amount_pence == 500


# --- running balances ---
CHAIN = [("10.00", "110.00"), ("-4.00", "106.00"), ("10.00", "116.00"), ("1.00", "117.00")]


@pytest.mark.parametrize(
    "order",
    [[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3], [2, 0, 3, 1]],
    ids=["oldest first", "newest first", "two swapped in a day", "shuffled"],
)
def test_opening_and_closing_are_found_in_any_order(order: list[int]) -> None:
    lines = [hsbc(CHAIN[at][0], balance=CHAIN[at][1]) for at in order]
    controls = controls_of(HSBC, *lines)
    assert (controls.opening_pence, controls.closing_pence) == (10000, 11700)
    assert controls.total_pence == 1700


@pytest.mark.parametrize(
    "lines",
    [
        [CHAIN[0], CHAIN[2], CHAIN[3]],
        [*CHAIN[:2], CHAIN[1], *CHAIN[2:]],
        [CHAIN[0], ("-5.00", "106.00"), *CHAIN[2:]],
    ],
    ids=["missing", "twice", "changed"],
)
def test_a_missing_doubled_or_changed_line_refuses_the_file(lines: list[tuple[str, str]]) -> None:
    data = file_of(HSBC, *[hsbc(amount, balance=balance) for amount, balance in lines])
    refused = refusal(HSBC, data)
    assert refused.code == "imports.balances_do_not_follow"
    assert "A line is missing, changed or there twice." in refused.message


def test_the_first_break_is_named() -> None:
    lines = [
        hsbc("1.00", balance="101.00"),
        hsbc("1.00", balance="102.00"),
        hsbc("1.00", balance="9.00"),
    ]
    assert "At line 4 the balance is £9.00 where the lines around it make £103.00." in (
        refusal(HSBC, file_of(HSBC, *lines)).message
    )


@pytest.mark.parametrize("bad", [("NaN", "106.00"), ("-4.00", ""), ("-4.00", "106.00 OD")])
def test_a_line_that_cannot_be_followed_proves_nothing_and_stops_nothing(
    bad: tuple[str, str],
) -> None:
    lines = [hsbc(amount, balance=balance) for amount, balance in (CHAIN[0], bad, *CHAIN[2:])]
    assert controls_of(HSBC, *lines).total_pence is None


def test_a_rejected_line_with_an_amount_stays_in_the_chain() -> None:
    lines = [
        hsbc(*CHAIN[0][:1], balance=CHAIN[0][1]),
        hsbc("-4.00", balance="106.00", day="99/99/2026"),
    ]
    reading = HSBC.parse(io.BytesIO(file_of(HSBC, *lines)))
    assert [row.amount_pence for row in reading] == [1000, -400]
    assert reading.controls.total_pence == 600


def test_each_account_has_its_own_balance() -> None:
    lines = [
        f"09/02/2026,FPI,X,{amount},{balance},A,500000-{account},"
        for amount, balance, account in (
            ("1.00", "11.00", "11111111"),
            ("5.00", "95.00", "22222222"),
            ("2.00", "13.00", "11111111"),
        )
    ]
    reading = NATWEST.parse(io.BytesIO(file_of(NATWEST, *lines)))
    assert len(list(reading)) == 3
    assert [(s.bank_account, s.opening_pence, s.closing_pence) for s in reading.statements] == [
        ("50000011111111", 1000, 1300),
        ("50000022222222", 9000, 9500),
    ]
    assert (reading.controls.total_pence, reading.controls.bank_account) == (800, "")


# --- the file as a whole ---
@pytest.mark.parametrize(
    ("header", "bank", "missing", "unknown"),
    [
        ("Date,Type,Description,Amount,Running Balance", HSBC, ["Balance"], ["Running Balance"]),
        ("Date,Type,Description,Amount", HSBC, ["Balance"], []),
        ("Date,Type,Description,Amount,Balance,Note", HSBC, [], ["Note"]),
        ("Type,Date,Description,Amount,Balance", HSBC, [], []),
        ("Date,Type,Description,Amount,Amount,Balance", HSBC, [], []),
        ("Number,Date,Account,Amount,Category,Memo", BARCLAYS, ["Subcategory"], ["Category"]),
        (HEADER[LLOYDS.code].replace("Type", "Kind"), LLOYDS, ["Type"], ["Kind"]),
        (HEADER[NATWEST.code].replace("Value", "Amount"), NATWEST, ["Value"], ["Amount"]),
        (HEADER[BUSINESS.code].replace("Sort Code,", ""), BUSINESS, ["Sort Code"], []),
    ],
)
def test_a_changed_header_names_the_bank_and_the_difference(
    header: str, bank: ImportFormat, missing: list[str], unknown: list[str]
) -> None:
    data = f"{header}\n09 Feb 2026,BP,X,1.00,1.00\n".encode()
    for act in (lambda: detect(data), lambda: list(bank.parse(io.BytesIO(data)))):
        with pytest.raises(FileRefused) as refused:
            act()
        assert refused.value.code == "imports.header_changed"
        assert refused.value.message.startswith(f"The file looks like {bank.name}, but its header")
        assert refused.value.facts["missing"] == missing
        assert refused.value.facts["unknown"] == unknown


def test_header_case_and_padding_do_not_matter() -> None:
    data = b"\xef\xbb\xbf\n DATE ,type,Description,AMOUNT,Balance,,\n09 Feb 2026,BP,X,1.00,1.00\n"
    assert detect(data) is HSBC
    assert [row.line_number for row in HSBC.parse(io.BytesIO(data))] == [3]


def test_far_too_many_columns_are_refused() -> None:
    data = ",".join(f"c{n}" for n in range(500)).encode()
    for act in (lambda: detect(data), lambda: list(HSBC.parse(io.BytesIO(data)))):
        with pytest.raises(FileRefused) as refused:
            act()
        assert refused.value.code == "imports.too_many_columns"


def test_a_file_nobody_knows_is_told_what_we_can_read() -> None:
    with pytest.raises(FileRefused) as refused:
        detect(b"Name,Age\nSmith,40\n")
    assert refused.value.code == "imports.format_not_recognised"
    assert "It looks like text starting “Name,Age”." in refused.value.message
    assert "HSBC CSV" in refused.value.message
    assert refusal(HSBC, b"Name,Age\nSmith,40\n").code == "imports.not_this_format"


def test_an_unknown_code_lists_the_codes() -> None:
    with pytest.raises(FileRefused) as refused:
        get("excel")
    assert refused.value.code == "imports.format_unknown"
    assert "camt053, lloyds_commercial_csv" in refused.value.message


@pytest.mark.parametrize("text", ['"X', 'X",1.00,"Y', '"X\n09 Feb 2026,BP,"Y'])
def test_a_quotation_mark_left_open_refuses_the_file_and_names_the_line(text: str) -> None:
    lines = [hsbc(), f"09 Feb 2026,BP,{text},1.00,", *[hsbc()] * 3]
    refused = refusal(HSBC, file_of(HSBC, *lines))
    assert refused.code == "imports.quote_not_closed"
    assert refused.facts["line_number"] == 3


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quotation_mark_left_open_on_the_last_line_is_found(end: str) -> None:
    data = (file_of(HSBC, hsbc()).decode() + '09 Feb 2026,BP,X,1.00,"1.00' + end).encode()
    assert refusal(HSBC, data).code == "imports.quote_not_closed"


def test_a_header_alone_has_no_lines() -> None:
    assert refusal(HSBC, file_of(HSBC)).code == "imports.file_has_no_lines"
    assert refusal(HSBC, file_of(HSBC, "", ",,,,")).code == "imports.file_has_no_lines"


def test_bytes_that_are_no_encoding_are_refused() -> None:
    refused = refusal(HSBC, file_of(HSBC, hsbc()) + b"09 Feb 2026,BP,\x81,1.00,\n")
    assert refused.code == "imports.encoding_unreadable"
    assert "byte 79 is not valid UTF-8 or Windows-1252 text" in refused.message
    cut = file_of(HSBC, hsbc()).decode().encode("utf-16")[:-1]
    assert refusal(HSBC, cut).code == "imports.encoding_unreadable"


def test_a_line_of_megabytes_is_refused() -> None:
    for filler in ("x" * 1_000_000, "x," * 300_000, "9" * 140_000):
        refused = refusal(HSBC, file_of(HSBC, hsbc(), hsbc(text=filler), hsbc()))
        assert refused.code == "imports.line_too_long"
        assert refused.facts["line_number"] <= 3


def test_another_currency_is_refused() -> None:
    line = "09/02/2026,300000-12345678 EUR,ANYTOWN,FPI,50.00,,X,1.00"
    refused = refusal(LLOYDS, file_of(LLOYDS, line))
    assert refused.code == "imports.currency_not_supported"
    assert "Account 300000-12345678 EUR is in EUR" in refused.message
    bankline = b"500000,12345678,ANYTOWN,CURRENT,USD,,,,,09/02/2026,X,,,,,BAC,,1.00\n"
    assert refusal(BANKLINE, bankline).code == "imports.currency_not_supported"


def test_the_file_we_write_ourselves_reads_back(tmp_path: Path) -> None:
    lines = [
        BankLine(DAY, 12345, "SMITH, J", "770012345", 'SAYS "HELLO"'),
        BankLine(date(2026, 2, 10), -1200, narrative="UNPAID"),
    ]
    path = tmp_path / "lloyds.csv"
    written = write_lloyds_csv(path, lines)
    reading = LLOYDS.parse(io.BytesIO(path.read_bytes()))
    assert [
        (r.received_on, r.amount_pence, r.reference, r.narrative)
        for r in reading
        if isinstance(r, ParsedRow)
    ] == [
        (DAY, 12345, "770012345", 'SMITH, J SAYS "HELLO"'),
        (date(2026, 2, 10), -1200, "", "UNPAID"),
    ]
    assert reading.controls.total_pence == written.total_pence == 11145
    assert reading.controls.opening_pence == 100_000_000


# --- properties ---
pence = st.integers(min_value=-99_999_999_999, max_value=99_999_999_999).filter(bool)


@given(st.lists(pence, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_amounts_survive_the_file_in_any_order(amounts: list[int], chance: object) -> None:
    balance, lines = 0, []
    for amount in amounts:
        balance += amount
        lines.append(hsbc(f"{plain_pounds(amount)}", balance=plain_pounds(balance)))
    chance.shuffle(lines)  # type: ignore[attr-defined]
    reading = HSBC.parse(io.BytesIO(file_of(HSBC, *lines)))
    assert sorted(row.amount_pence or 0 for row in reading) == sorted(amounts)
    assert reading.controls.total_pence == sum(amounts)


@given(st.text(max_size=200))
def test_any_text_is_kept_tidy_and_never_breaks_a_line(text: str) -> None:
    quoted = text.replace('"', '""').replace("\n", " ").replace("\r", " ")
    try:
        data = file_of(HSBC, f'09 Feb 2026,BP,"{quoted}",1.00,1.00')
    except UnicodeEncodeError:
        return
    (row,) = HSBC.parse(io.BytesIO(data))
    assert isinstance(row, ParsedRow)
    assert row.amount_pence == 100
    assert row.narrative == " ".join(row.narrative.split())
