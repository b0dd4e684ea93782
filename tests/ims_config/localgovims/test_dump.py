"""A dump that is broken or hostile is refused in words that name the file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from ims_config.localgovims import dump
from ims_config.localgovims.errors import (
    CellUnusable,
    NotAFolder,
    TableMissing,
    TableUnreadable,
)
from ims_config.localgovims.report import markdown_of
from tests.ims_config.localgovims.dumps import converted, copy_of

VAT = "VatCode,Percentage,Disabled\n"
OFFICE = "OfficeCode,Name\n"


@pytest.mark.parametrize("table", ["Fund", "Mop", "Vat"])
def test_a_table_no_council_can_do_without(tmp_path: Path, table: str) -> None:
    with pytest.raises(TableMissing, match=rf"There is no {table}\.csv in "):
        converted(copy_of(tmp_path, **{table: ""}))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotAFolder):
        converted(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OFFICE + "CH,Caf\xe9\n", "Office.csv: line 2 is not UTF-8; it may be Windows-1252"),
        ("OfficeCode,Name\nCH,\0\n", "Office.csv: it holds NUL bytes"),
        ("OfficeCode;Name\n", "Office.csv: the first line does not name the columns OfficeCode, N"),
        ("OfficeCode,Name,Name\n", "Office.csv: the first line names a column twice"),
        (OFFICE + "CH,County Hall, West\n", "line 2 has 3 cells and the first line 2"),
        (OFFICE + 'CH,"County\n', "Office.csv: line 2 is not CSV"),
        ("\n", "does not name the columns"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TableUnreadable) as refused:
        converted(copy_of(tmp_path, Office=text.encode("cp1252")))
    assert words in refused.value.message


def test_a_file_that_is_far_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"OfficeCode,Name\n" + b"CH,County Hall\n" * 750_000
    with pytest.raises(TableUnreadable, match="larger than 10 MB"):
        converted(copy_of(tmp_path / "a", Office=large))
    monkeypatch.setattr(dump, "MAX_ROWS", 2)
    with pytest.raises(TableUnreadable, match="more than 2 rows"):
        converted(copy_of(tmp_path / "b"))


def test_a_table_in_two_files(tmp_path: Path) -> None:
    folder = copy_of(tmp_path)
    (folder / "dbo.Office.csv").write_text(OFFICE, encoding="utf-8")
    with pytest.raises(TableUnreadable, match="another file of the folder is table Office too"):
        converted(folder)


@pytest.mark.parametrize(
    ("table", "text", "words"),
    [
        ("Vat", VAT + "S,20,0\n", "Vat.csv, line 2, Percentage: “20” is not a fraction"),
        ("Vat", VAT + "S,abc,0\n", "Vat.csv, line 2, Percentage: “abc” is not an amount"),
        ("Vat", VAT + "S,0.12345,0\n", "Percentage: “0.12345” has more decimal places"),
        ("Vat", VAT + "S,0.2,maybe\n", "Vat.csv, line 2, Disabled: “maybe” is not 1 or 0"),
        ("Office", OFFICE + "CH,=1+1\n", "Office.csv, line 2, Name: “=1+1” begins like a formula"),
        (
            "SystemMessage",
            "Id,Severity,StartDate,EndDate,Message\n1,info,01/02/2026,,Words\n",
            "SystemMessage.csv, line 2, StartDate: “01/02/2026” is not a date",
        ),
        (
            "MetadataKey",
            "Id,Name,EntityType\n1,IsAJournal,two\n",
            "MetadataKey.csv, line 2, EntityType: “two” is not a whole number",
        ),
    ],
)
def test_a_cell_that_cannot_be_used(tmp_path: Path, table: str, text: str, words: str) -> None:
    with pytest.raises(CellUnusable) as refused:
        converted(copy_of(tmp_path, **{table: text}))
    assert words in refused.value.message
    assert set(refused.value.facts) == {"file", "line", "column"}


def test_tables_that_are_not_there_are_told(tmp_path: Path) -> None:
    found = converted(copy_of(tmp_path, Office="", ImportProcessingRule="", SystemMessage=""))
    assert "Office.csv is not there; nothing was read of it." in found.report.files
    assert not {"offices", "import-rules", "banners"} & set(found.tables)
    assert next(each for each, *_ in found.report.counts()) == "Vat"


def test_text_of_the_dump_is_only_text_in_the_report(tmp_path: Path) -> None:
    rows = "OfficeCode,Name\n<b>,<script>\n[x](http://x),Odd\n"
    page = markdown_of(converted(copy_of(tmp_path, Office=rows)).report)
    assert "<script" not in page
    assert "\\[X\\](HTTP://X)" in page
    assert "\\<B\\>" in page
