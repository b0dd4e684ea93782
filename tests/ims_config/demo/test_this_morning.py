"""The bank files of a morning, read back by the formats that will read them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from ims.imports.formats.base import Controls, ParsedRow, RejectedRow
from ims.imports.formats.registry import detect
from ims_config import starters
from ims_config.demo.bank_files import Written
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.eastshire import EASTSHIRE
from ims_config.demo.northmoor import NORTHMOOR
from ims_config.demo.this_morning import LINES, write_statement

DAY = date(2026, 11, 24)
BOTH = pytest.mark.parametrize("council", [NORTHMOOR, EASTSHIRE], ids=lambda c: c.short_name)


def read(path: Path) -> tuple[str, list[ParsedRow], list[RejectedRow], Controls]:
    """(format, rows, rejected rows, what the file declares)."""
    with path.open("rb") as stream:
        adapter = detect(stream.read(65_536))
        stream.seek(0)
        reading = adapter.parse(stream)
        rows = list(reading)
    parsed = [row for row in rows if isinstance(row, ParsedRow)]
    rejected = [row for row in rows if isinstance(row, RejectedRow)]
    return adapter.code, parsed, rejected, reading.controls


def adds_up(
    written: Written, parsed: list[ParsedRow], rejected: list[RejectedRow], controls: Controls
) -> bool:
    total = sum(row.amount_pence for row in parsed)
    total += sum(row.amount_pence or 0 for row in rejected)
    lines = len(parsed) + len(rejected)
    return (lines, total) == (written.lines, written.total_pence) and total == controls.total_pence


@BOTH
def test_the_file_is_what_the_councils_profile_takes(council: DemoCouncil, tmp_path: Path) -> None:
    path, written = write_statement(council, tmp_path, day=DAY)
    code, parsed, rejected, controls = read(path)
    (profile,) = tomllib.loads(starters.load(council.starter).decode())["import-profiles"]
    assert (code, controls.bank_account) == (profile["format_code"], profile["bank_account"])
    assert written.lines == LINES > 1_000
    assert adds_up(written, parsed, rejected, controls)
    assert {row.received_on for row in parsed} == {DAY}


@BOTH
def test_the_same_day_writes_the_same_bytes(council: DemoCouncil, tmp_path: Path) -> None:
    one, _ = write_statement(council, tmp_path / "one", day=DAY)
    other, _ = write_statement(council, tmp_path / "other", day=DAY)
    next_day, _ = write_statement(council, tmp_path / "one", day=date(2026, 11, 25))
    assert one.read_bytes() == other.read_bytes()
    assert one.name != next_day.name
    assert one.read_bytes() != next_day.read_bytes()


def test_the_csv_has_rows_that_must_be_rejected(tmp_path: Path) -> None:
    path, _ = write_statement(EASTSHIRE, tmp_path, day=DAY)
    _, _, rejected, _ = read(path)
    assert [row.reason for row in rejected] == [
        "“31/02/2026” is not a date. Dates are day/month/year, like 09/02/2026.",
        "There is no date. Add the date the bank booked this line.",
        "The amount is nil, so there is nothing to post.",
    ]


def test_the_camt_file_has_none(tmp_path: Path) -> None:
    path, _ = write_statement(NORTHMOOR, tmp_path, day=DAY)
    _, _, rejected, _ = read(path)
    assert rejected == []


@BOTH
def test_payers_write_in_many_ways(council: DemoCouncil, tmp_path: Path) -> None:
    path, _ = write_statement(council, tmp_path, day=DAY)
    _, parsed, _, _ = read(path)
    texts = [f"{row.payer} {row.narrative}" for row in parsed]
    for said in ("DWP ", "UNPAID CHEQUE", " AND ", "CARDSTREAM", "RECALLED BY PAYING BANK"):
        assert any(said in text for text in texts), said
    assert sum("CHARGE FOR" in text or "CHARGES FOR" in text for text in texts) == 1
    spaced = [
        row for row in parsed if row.reference.replace(" ", "").isdigit() and " " in row.reference
    ]
    assert len(spaced) > 20
    assert any(row.amount_pence < 0 for row in parsed)
