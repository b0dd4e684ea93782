"""What every kind of ledger file must do, whichever writer makes it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ims.exports.errors import CellUnwritable, FileUnreadable, TotalsDisagree
from ims.exports.layout import Kind, Layout
from ims.exports.layout_reading import read_layout
from ims.exports.rows import LedgerRow
from ims.exports.writers.adding import differences
from ims.exports.writers.reading import read_totals
from ims.exports.writers.registry import CODECS
from ims.exports.writers.writing import LedgerFile
from tests.ims.exports.sample_rows import detail, facts, row

# One definition that every kind can write: each column has a width.
DEFINITION: dict[str, Any] = {
    "code": "contract",
    "name": "Contract",
    "encoding": "cp1252",
    "record_type": "L",
    "contra_record_type": "C",
    "header": [{"heading": "Run", "source": "run_reference", "width": 126}],
    "columns": [
        {"heading": "Type", "source": "record_type", "width": 2},
        {"heading": "Code", "source": "ledger_code", "width": 20, "required": True},
        {"heading": "Reference", "source": "account_reference", "width": 20},
        {"heading": "Date", "source": "effective_on", "pattern": "DDMMYYYY", "width": 10},
        {"heading": "Debit", "source": "amount_pence", "side": "debit", "width": 12},
        {"heading": "Credit", "source": "amount_pence", "side": "credit", "width": 12},
        {"heading": "Narrative", "source": "narrative", "width": 50},
    ],
    "trailer": [
        {"heading": "Records", "source": "record_count", "width": 20},
        {"heading": "Debits", "source": "debit_pence", "width": 30},
        {"heading": "Credits", "source": "credit_pence", "width": 30},
        {"heading": "Hash", "source": "hash_total", "width": 46},
    ],
    "contra": {"group_by": ["method_code", "method_ledger_code"]},
}


@pytest.fixture(params=sorted(CODECS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


def layout_of(kind: Kind, **changes: Any) -> Layout:
    return read_layout({**DEFINITION, "kind": kind.value, **changes})


def written(layout: Layout, rows: list[LedgerRow]) -> tuple[bytes, LedgerFile]:
    file = LedgerFile(layout, facts(rows))
    return b"".join(file.chunks(rows)), file


def test_a_file_balances_and_its_lines_come_to_the_ledger(kind: Kind) -> None:
    _, file = written(layout_of(kind), detail())
    assert file.totals.debit_pence == file.totals.credit_pence == 100_012_654
    assert file.totals.net_pence == 100_010_604
    assert file.totals.contra_pence == -100_010_604
    assert (file.totals.record_count, file.totals.contra_count) == (7, 2)


def test_a_file_read_back_adds_up_to_what_was_written(kind: Kind) -> None:
    layout = layout_of(kind)
    data, file = written(layout, detail())
    again = read_totals(layout, io.BytesIO(data), contra_count=2)
    assert again == file.totals
    assert differences(file.totals, again) == []


def test_the_same_rows_give_the_same_bytes(kind: Kind) -> None:
    assert written(layout_of(kind), detail())[0] == written(layout_of(kind), detail())[0]


def test_a_file_of_many_batches_reads_back_the_same(kind: Kind) -> None:
    layout = layout_of(kind)
    rows = [row(line_id=n, amount_pence=n * (-1) ** n) for n in range(1, 5_002)]
    data, file = written(layout, rows)
    again = read_totals(layout, io.BytesIO(data), contra_count=file.totals.contra_count)
    assert again == file.totals
    assert again.record_count == 5_002


def test_a_file_without_lines_has_its_header_and_trailer(kind: Kind) -> None:
    layout = layout_of(kind)
    data, file = written(layout, [])
    assert read_totals(layout, io.BytesIO(data)) == file.totals
    assert file.totals.record_count == 0


def test_a_method_that_comes_to_nothing_gets_no_contra(kind: Kind) -> None:
    _, file = written(layout_of(kind), [row(amount_pence=500), row(amount_pence=-500)])
    assert file.totals.contra_count == 0
    assert file.totals.debit_pence == file.totals.credit_pence == 500


HOSTILE = [
    "a,b;c|d",
    'he said "pay"',
    "two\nlines",
    "two\r\nlines",
    "tab\tbetween",
    "\x00nul",
    "=cmd|' /C calc'!A0",
    "+44 20",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "   =1+1",
    "'",
    '"',
    " ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_cell(kind: Kind, text: str) -> None:
    layout = layout_of(kind)
    rows = [row(), row(line_id=2, narrative=text, account_reference=text), row(line_id=3)]
    data, file = written(layout, rows)
    again = read_totals(layout, io.BytesIO(data), contra_count=file.totals.contra_count)
    assert again == file.totals
    # header, headings if any, three lines, one contra, trailer: no text made a line of its own.
    assert data.count(b"\r\n") == len(data.splitlines()) == 6 + layout.headings


def test_a_text_too_long_is_refused_and_the_record_named(kind: Kind) -> None:
    rows = [row(), row(line_id=2, entry_reference="00K9VR", narrative="x" * 200_000)]
    with pytest.raises(CellUnwritable, match=r"Record 2 \(receipt 00K9VR\).*“Narrative” is 200000"):
        written(layout_of(kind), rows)


def test_a_letter_outside_the_encoding_is_refused_and_the_record_named(kind: Kind) -> None:
    rows = [row(), row(line_id=2, entry_reference="00K9VR", narrative="Łukasz")]
    with pytest.raises(CellUnwritable, match=r"Record 2 .*“Narrative” has “Ł”.*cp1252") as caught:
        written(layout_of(kind), rows)
    assert caught.value.facts == {"record": 2, "line_id": 2, "column": "Narrative"}


def test_a_letter_inside_the_encoding_is_one_byte(kind: Kind) -> None:
    data, _ = written(layout_of(kind), [row(narrative="Hélène £5 \u2013 Zoë")])
    assert b"H\xe9l\xe8ne \xa35 \x96 Zo\xeb" in data


def test_an_empty_required_value_is_refused(kind: Kind) -> None:
    with pytest.raises(CellUnwritable, match="“Code” is empty, and the layout says"):
        written(layout_of(kind), [row(fund_ledger_code="")])


def test_an_amount_wider_than_its_column_is_refused(kind: Kind) -> None:
    with pytest.raises(CellUnwritable, match="“Credit” is 13 characters long"):
        written(layout_of(kind), [row(amount_pence=123_456_789_012)])


def test_a_method_without_a_control_account_is_refused(kind: Kind) -> None:
    with pytest.raises(CellUnwritable, match=r"Record 2 \(no single receipt\).*“Code” is empty"):
        written(layout_of(kind), [row(method_ledger_code="")])


def test_rows_that_do_not_come_to_the_ledger_are_refused_before_the_trailer(kind: Kind) -> None:
    file = LedgerFile(layout_of(kind), facts(detail()))
    received: list[bytes] = []
    with pytest.raises(TotalsDisagree, match=r"5 lines of £1,000,106.04.*4 lines of £1,000,105.99"):
        received.extend(file.chunks(detail()[:-1]))
    assert b"Debits" not in b"".join(received)
    assert file.totals.contra_count == 0


def test_a_file_with_a_changed_amount_is_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    changed = data.replace(b"120.50", b"120.60")
    assert changed != data
    with pytest.raises(TotalsDisagree, match=r"“1000126.54” for “Credits”.*come to 1000126.64"):
        read_totals(layout, io.BytesIO(changed), contra_count=2)


def test_a_file_cut_short_is_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    lines = data.splitlines(keepends=True)
    with pytest.raises((FileUnreadable, TotalsDisagree)):
        read_totals(layout, io.BytesIO(b"".join(lines[:-1])), contra_count=2)
    with pytest.raises((FileUnreadable, TotalsDisagree)):
        read_totals(layout, io.BytesIO(data[:-60]), contra_count=2)
    with pytest.raises(FileUnreadable, match="has no header"):
        read_totals(layout, io.BytesIO(b""), contra_count=2)


def test_a_file_with_a_line_missing_is_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    lines = data.splitlines(keepends=True)
    del lines[3]
    with pytest.raises(TotalsDisagree, match=r"trailer says “7” for “Records”.*come to 6"):
        read_totals(layout, io.BytesIO(b"".join(lines)), contra_count=2)


def test_a_ledger_code_that_changed_is_found_out_by_the_hash_total(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    with pytest.raises(TotalsDisagree, match="“Hash”"):
        read_totals(layout, io.BytesIO(data.replace(b"R2000-4200", b"R2000-4201")), contra_count=2)


def test_an_amount_that_cannot_be_read_names_its_record(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    spoilt = data.replace(b"  6.00", b"  6x00").replace(b",6.00", b",6x00")
    assert spoilt != data
    with pytest.raises(FileUnreadable, match=r"Record 2 cannot be read back: “6x00” is not pounds"):
        read_totals(layout, io.BytesIO(spoilt), contra_count=2)


def test_a_record_without_an_amount_is_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    spoilt = data.replace(b"6.00 ", b"     ").replace(b",6.00,", b",,")
    assert spoilt != data
    with pytest.raises(FileUnreadable, match=r"Record 2 .*0 amounts are filled in 1 records"):
        read_totals(layout, io.BytesIO(spoilt), contra_count=2)


def test_a_record_of_another_shape_names_itself(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    spoilt = data.replace(b"Five pence", b"Five,pence!")
    assert spoilt != data
    with pytest.raises(FileUnreadable, match=r"Record 5 cannot be read back: it "):
        read_totals(layout, io.BytesIO(spoilt), contra_count=2)


def test_bytes_outside_the_encoding_are_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, _ = written(layout, detail())
    with pytest.raises(FileUnreadable, match="cannot be read back as cp1252"):
        read_totals(layout, io.BytesIO(data.replace(b"Five", b"F\x81ve")), contra_count=2)


def test_a_trailer_that_is_no_trailer_is_found_out(kind: Kind) -> None:
    layout = layout_of(kind)
    data, file = written(layout, detail())
    spoilt = data.replace(b"\r\n7", b"\r\nx")
    assert spoilt != data
    with pytest.raises(TotalsDisagree, match="The trailer says “x” for “Records”"):
        read_totals(layout, io.BytesIO(spoilt), contra_count=file.totals.contra_count)
    with pytest.raises(FileUnreadable, match=r"cannot be read back: it "):
        read_totals(layout, io.BytesIO(data + b"more\r\n"), contra_count=2)


def test_a_quote_left_open_is_found_out() -> None:
    layout = layout_of(Kind.DELIMITED)
    data, _ = written(layout, detail())
    with pytest.raises(FileUnreadable, match=r"Line \d+ of the file cannot be read back"):
        read_totals(layout, io.BytesIO(data.replace(b"Five", b'"Five')), contra_count=2)


def test_a_header_that_does_not_fit_is_refused(kind: Kind) -> None:
    header = [{"heading": "Run", "source": "run_reference", "width": 4},
              {"heading": "Rest", "constant": "", "width": 122}]  # fmt: skip
    with pytest.raises(CellUnwritable, match=r"The header cannot be written: column “Run” is 9"):
        written(layout_of(kind, header=header), detail())


def test_reading_leaves_the_stream_open(kind: Kind) -> None:
    layout = layout_of(kind)
    stream = io.BytesIO(written(layout, detail())[0])
    read_totals(layout, stream, contra_count=2)
    assert not stream.closed
