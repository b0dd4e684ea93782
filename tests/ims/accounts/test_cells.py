"""Cells and lines of an account file, without a database."""

from __future__ import annotations

import io
from datetime import date

import pytest

from ims.accounts.account_lines import numbered_rows, read_header
from ims.accounts.cells import (
    CellRefused,
    canonical_reference,
    is_formula,
    name_key,
    read_day,
    read_pence,
    tidy_postcode,
)
from ims.accounts.columns import FIELDS, NAMES
from ims.accounts.errors import AccountFileRefused
from ims.accounts.row_reader import Expected, RowReader


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("0.00", 0), ("1234.50", 123_450), ("-12.50", -1_250), ("-0.05", -5), ("12", 1_200),
        ("12.5", 1_250), ("£1,234.50", 123_450), ("+3.00", 300), ("000000001.25", 125),
    ],
)  # fmt: skip
def test_amounts(text: str, pence: int) -> None:
    assert read_pence(text) == pence


@pytest.mark.parametrize(
    "text", ["", "-", "1.234", "1,23.00", "1e5", "NaN", "٣.00", "1_0.00", "--1.00", "1 0.00", ".50"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(CellRefused):
        read_pence(text)


def test_days_in_both_spellings() -> None:
    assert read_day("2026-11-03") == (date(2026, 11, 3), "YYYY-MM-DD")
    assert read_day("3/11/2026") == (date(2026, 11, 3), "DD/MM/YYYY")
    for text in ("2026-02-30", "31/02/2026", "11/31/2026", "3.11.2026", "20261103", "3/11/26"):
        with pytest.raises(CellRefused):
            read_day(text)


@pytest.mark.parametrize(
    ("surname", "key"),
    [
        ("O'Brien", "OBRIEN"), ("SMITH-JONES", "SMITHJONES"), ("van der Berg", "VANDERBERG"),
        ("Ŵyn Siân", "WYNSIAN"), ("", ""), ("3M Ltd.", "3MLTD"), ("straße", "STRASSE"),
    ],
)  # fmt: skip
def test_surnames_are_looked_for_by_their_letters(surname: str, key: str) -> None:
    assert name_key(surname) == key


def test_postcodes_and_references_are_kept_in_one_way() -> None:
    assert tidy_postcode("sw1a1aa") == tidy_postcode(" SW1A  1AA ") == "SW1A 1AA"
    assert tidy_postcode("nm2") == "NM2"
    assert tidy_postcode("not given") == "NOT GIVEN"
    assert canonical_reference(" ab 12\t3 ") == "AB123"


@pytest.mark.parametrize("text", ["=1", "+cmd", "@SUM(A1)", "-2+3", "\uff1d1", "-A"])
def test_formulas(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", ["", "-", "--", "-12.50", "+44 1632 960000", "A=B", "'=1"])
def test_what_is_no_formula(text: str) -> None:
    assert not is_formula(text)


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    data = b'\xef\xbb\xbfa,b\r\n\r\n1,"x, ""y"""\n,\n2,z'
    assert list(numbered_rows(io.BytesIO(data))) == [
        (1, ["a", "b"]), (3, ["1", 'x, "y"']), (5, ["2", "z"]),
    ]  # fmt: skip


def test_a_header_may_be_spaced_cased_and_ordered_freely() -> None:
    data = b"Balance,Postcode, Address 1 ,SURNAME,Reference,,\n1,2,3,4,5,,\n"
    stream = io.BytesIO(data)
    assert read_header(stream) == ["balance", "postcode", "address_1", "surname", "reference"]
    assert stream.tell() == 0


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,\"2\n3,4\n" + b"5,6\n" * 50_000,  # never closed: read to the end of the file
        b"a,b\r1,2\r3,4\r",  # line ends of another age
        b"a,b\n1,2\rx\n",
    ],
)  # fmt: skip
def test_lines_that_cannot_be_told_apart_refuse_the_file(data: bytes) -> None:
    with pytest.raises(AccountFileRefused):
        list(numbered_rows(io.BytesIO(data)))


def reader(*names: str) -> RowReader:
    return RowReader(list(names or NAMES), Expected("CT", {"S1": 7}))


def cells(**given: str) -> list[str]:
    usual = {"reference": "A1", "surname": "Khan", "postcode": "nm11aa", "balance": "1.00"}
    return [(usual | given).get(name, "") for name in NAMES]


def test_a_line_for_copy_has_as_many_values_good_or_bad() -> None:
    read = reader()
    good = read.read(2, cells(message="s1", balance_on="2026-11-03", closed="y", user_1="a\\b"))
    bad = read.read(3, cells(balance="x", user_1="a\\b\tc"))
    width = 4 + len(FIELDS)
    assert [len(text.rstrip("\n").split("\t")) for text in (good, bad)] == [width, width]
    assert "a\\\\b" in good
    assert good.split("\t")[-4:-1] == ["2026-11-03", "7", "t"]
    assert bad.split("\t")[4] == "A1"
    assert read.bad == 1


def test_the_digest_tells_every_kept_value_apart() -> None:
    read = reader()
    seen = {read.read(2, cells()).split("\t")[-1]}
    changes = {
        "title": "Ms", "forename": "Ada", "surname": "Kaur", "address_1": "x", "address_2": "x",
        "address_3": "x", "address_4": "x", "postcode": "NM1 1AB", "record_type": "x",
        "user_1": "x", "user_2": "x", "user_3": "x", "email": "a@example.org", "balance": "1.01",
        "period_debit": "0", "period_credit": "0", "balance_on": "2026-11-03", "message": "S1",
    }  # fmt: skip
    for name, value in changes.items():
        digest = read.read(2, cells(**{name: value})).split("\t")[-1]
        assert digest not in seen, name
        seen.add(digest)
    assert read.read(2, cells(closed="Y")).split("\t")[-1] in seen
    assert read.read(2, cells(postcode="NM1  1aa", fund="ct")).split("\t")[-1] in seen


def test_spaces_that_cannot_be_broken_are_spaces() -> None:
    text = reader().read(2, cells(address_1="1\u00a0High Street"))
    assert "1 High Street" in text
