"""The two shipped layouts, to the byte."""
# ruff: noqa: E501 - a record of 150 characters is shown whole

from __future__ import annotations

import io

from ims.exports.layout import Layout
from ims.exports.layout_reading import read_layout, shipped_definitions
from ims.exports.rows import LedgerRow
from ims.exports.writers.reading import read_totals
from ims.exports.writers.writing import LedgerFile
from tests.ims.exports.sample_rows import detail, facts, summary

JOURNAL = """\
H,Northmoor District Council,GL-000017,31/08/2026,5,1000106.04
Record,Ledger code,Date,Period,Fund,Method of payment,VAT code,VAT,Debit,Credit,Description
J,R1000-4100,03/08/2026,2026-08,CT,CARD,N0,0.00,,120.50,Income
J,R2000-4200,03/08/2026,2026-08,PARK,CARD,S1,1.00,,6.00,Income
J,R1000-4100,03/08/2026,2026-08,CT,BANK,N0,0.00,,999999.99,Income
J,R1000-4100,04/08/2026,2026-08,CT,CARD,N0,0.00,20.45,,Income
C,B9000-0001,03/08/2026,2026-08,,CARD,,0.00,126.50,,Income
C,B9000-0002,03/08/2026,2026-08,,BANK,,0.00,999999.99,,Income
C,B9000-0001,04/08/2026,2026-08,,CARD,,0.00,,20.45,Income
T,7,1000146.94,1000146.94
"""
# fmt: off
FIXED = (
    "10Northmoor District Council              GL-000017   20260831000000005+00000100010604" + " " * 64 + "\n"
    "20000000001R1000-4100              202608032026-0800K9TQ        600012345               N0  +000000000000-00000000012050Council tax, Mrs A Example    \n"
    "20000000002R2000-4200              202608032026-0800K9VR                                S1  -000000000100-00000000000600Car park season ticket        \n"
    "20000000003R1000-4100              202608032026-0800K9WS        600012345               N0  +000000000000-00000099999999Bank credit                   \n"
    "20000000004R1000-4100              202608042026-0800K9XT        600012345               N0  +000000000000+00000000002050Refund of an overpayment      \n"
    "20000000005R1000-4100              202608042026-0800K9YV        600012345               N0  +000000000000-00000000000005Five pence                    \n"
    "30000000006B9000-0001              202608032026-08                                          +000000000000+00000000012650Bank control                  \n"
    "30000000007B9000-0002              202608032026-08                                          +000000000000+00000099999999Bank control                  \n"
    "30000000008B9000-0001              202608042026-08                                          +000000000000-00000000002045Bank control                  \n"
    "90000000008+00000100014699+000001000146990000000330020604" + " " * 93 + "\n"
)
# fmt: on


def shipped(code: str) -> Layout:
    layouts = {str(each["code"]): read_layout(each) for each in shipped_definitions()}
    assert sorted(layouts) == ["fixed-ledger", "general-journal"]
    return layouts[code]


def written(layout: Layout, rows: list[LedgerRow]) -> tuple[bytes, LedgerFile]:
    file = LedgerFile(layout, facts(rows))
    return b"".join(file.chunks(rows)), file


def test_the_general_journal_to_the_byte() -> None:
    layout = shipped("general-journal")
    data, file = written(layout, summary())
    assert data == JOURNAL.replace("\n", "\r\n").encode()
    assert read_totals(layout, io.BytesIO(data), contra_count=3) == file.totals


def test_the_fixed_ledger_to_the_byte() -> None:
    layout = shipped("fixed-ledger")
    data, file = written(layout, detail())
    assert data == FIXED.replace("\n", "\r\n").encode("cp1252")
    assert {len(line) for line in data.split(b"\r\n")} == {150, 0}
    assert read_totals(layout, io.BytesIO(data), contra_count=3) == file.totals


def test_the_hash_total_is_the_sum_of_the_digits_of_the_ledger_codes() -> None:
    _, file = written(shipped("fixed-ledger"), detail())
    lines = 10_004_100 * 4 + 20_004_200
    contras = 90_000_001 * 2 + 90_000_002
    assert file.totals.hash_total == lines + contras
