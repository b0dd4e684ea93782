"""What every bank file format promises, asked of every format in the registry."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from ims.imports.formats.base import HEAD_BYTES, ImportFormat, ParsedRow, RejectedRow, Row
from ims.imports.formats.errors import FileRefused
from ims.imports.formats.registry import FORMATS, detect, get
from ims_kernel.money import MAX_PENCE

SAMPLES = Path(__file__).parent.parent / "samples" / "bank"
SAMPLE = {
    "camt053": "statement.camt053.xml",
    "lloyds_commercial_csv": "lloyds_commercial.csv",
    "lloyds_business_csv": "lloyds_business.csv",
    "barclays_csv": "barclays.csv",
    "natwest_csv": "natwest.csv",
    "hsbc_csv": "hsbc.csv",
    "bankline_csv": "bankline_headerless.csv",
}
DAY = date(2026, 2, 9)
# amount, reference, narrative, bank reference, bank code, account
FACTS = {
    "camt053": [
        (12345, "770012345", "770012345", "BC260209001", "BGC", "20000012345678"),
        (-1200, "", "UNPAID CHEQUE 100234", "BC260209003", "UNP", "20000012345678"),
    ],
    "lloyds_commercial_csv": [
        (5000, "", "770099887 PATEL R", "", "FPI", "30000012345678"),
        (-1200, "100234", "UNPAID CHEQUE", "", "CHQ", "30000012345678"),
    ],
    "lloyds_business_csv": [(5000, "", "770099887 PATEL R", "", "FPI", "30000012345678")],
    "barclays_csv": [(5000, "", "770099887 PATEL R FPI", "", "FT", "20000012345678")],
    "natwest_csv": [(12345, "", "770012345 SMITH J", "", "BAC", "50000012345678")],
    "hsbc_csv": [(12345, "", "770012345 SMITH J", "", "BP", "")],
    "bankline_csv": [
        (12345, "", "770012345 SMITH J", "", "BAC", "50000012345678"),
        (-1200, "100234", "UNPAID", "", "CHQ", "50000012345678"),
    ],
}
# opening, closing
BALANCES = {
    "camt053": (1500000, 1511145),
    "lloyds_commercial_csv": (1512345, 1516145),
    "lloyds_business_csv": (1511145, 1516145),
    "barclays_csv": (None, None),
    "natwest_csv": (1500000, 1512345),
    "hsbc_csv": (1500000, 1512345),
    "bankline_csv": (None, None),
}
EVERY_FORMAT = pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.code)


def sample(each: ImportFormat) -> bytes:
    return (SAMPLES / SAMPLE[each.code]).read_bytes()


def rows_of(each: ImportFormat, data: bytes) -> list[Row]:
    return list(each.parse(io.BytesIO(data)))


def test_every_format_has_its_own_code_and_a_sample() -> None:
    assert sorted(SAMPLE) == sorted(each.code for each in FORMATS)
    assert len({each.code for each in FORMATS}) == len(FORMATS)
    assert [get(each.code) for each in FORMATS] == list(FORMATS)


@EVERY_FORMAT
def test_it_knows_its_own_sample_and_nobody_elses(each: ImportFormat) -> None:
    known = [code for code, name in SAMPLE.items() if each.sniff((SAMPLES / name).read_bytes())]
    assert known == [each.code]
    assert detect(sample(each)[:HEAD_BYTES]) is each


@EVERY_FORMAT
@pytest.mark.parametrize("head", [b"", b"\x00", b"\xff\xfe", b"\xff\xfe\x00", b"<", b'"', b",,,"])
def test_a_scrap_is_not_its_file(each: ImportFormat, head: bytes) -> None:
    assert each.sniff(head) is False


@EVERY_FORMAT
def test_its_sample_reads_exactly(each: ImportFormat) -> None:
    rows = rows_of(each, sample(each))
    facts = [
        (r.amount_pence, r.reference, r.narrative, r.bank_reference, r.bank_code, r.bank_account)
        for r in rows
        if isinstance(r, ParsedRow)
    ]
    assert facts == FACTS[each.code]
    assert len(facts) == len(rows)
    assert {(r.received_on, r.effective_on) for r in rows if isinstance(r, ParsedRow)} == {
        (DAY, DAY)
    }


@EVERY_FORMAT
def test_it_says_what_its_sample_declares(each: ImportFormat) -> None:
    reading = each.parse(io.BytesIO(sample(each)))
    with pytest.raises(RuntimeError):
        _ = reading.controls
    total = sum(row.amount_pence or 0 for row in reading)
    controls = reading.controls
    opening, closing = BALANCES[each.code]
    assert (controls.opening_pence, controls.closing_pence) == (opening, closing)
    assert controls.total_pence == (total if closing is not None else None)
    assert controls.bank_account == FACTS[each.code][0][5]
    assert (controls.opening_on, controls.closing_on) == (DAY, DAY)


def resaved(each: ImportFormat) -> dict[str, bytes]:
    """The same file as other programs save it."""
    text = sample(each).decode()
    found = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "cr": text.replace("\n", "\r").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "blank lines at the end": text.encode() + b"\n\n\n",
    }
    if each.code == "camt053":
        as_utf16 = text.replace('encoding="UTF-8"', 'encoding="UTF-16"')
        return found | {"utf-16": as_utf16.encode("utf-16")}
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text)))
    return found | {
        "utf-16": text.encode("utf-16"),
        "quoted": quoted.getvalue().encode(),
        "no last line end": text.rstrip("\n").encode(),
        "blank lines first": b"\n,,\n" + text.encode(),
    }


@EVERY_FORMAT
def test_a_resaved_file_has_the_same_dedupe_keys(each: ImportFormat) -> None:
    def keys(data: bytes) -> list[str]:
        return [each.dedupe_key(r) for r in rows_of(each, data) if isinstance(r, ParsedRow)]

    wanted = keys(sample(each))
    assert len(set(wanted)) == len(FACTS[each.code])
    for how, data in resaved(each).items():
        assert each.sniff(data), how
        assert keys(data) == wanted, how


@EVERY_FORMAT
def test_a_stream_is_read_from_its_start_and_left_open(each: ImportFormat) -> None:
    stream = io.BytesIO(sample(each))
    stream.read(7)
    assert len(list(each.parse(stream))) == len(FACTS[each.code])
    assert not stream.closed


def big_file(each: ImportFormat, lines: int) -> Iterator[bytes]:
    text = sample(each).decode()
    if each.code == "camt053":
        start, end = text.index("<Ntry>"), text.index("</Stmt>")
        entry = text[start : text.index("</Ntry>") + 7]
        # Balances would not agree with repeated entries, so this statement declares none.
        yield text[: text.index("<Bal>")].encode()
        yield from (entry.encode() for _ in range(lines))
        yield text[end:].encode()
        return
    all_lines = text.splitlines()
    header, line = (
        ([], all_lines[0]) if each.code == "bankline_csv" else (all_lines[:1], all_lines[1])
    )
    yield "".join(f"{one}\n" for one in header).encode()
    # Without the balance, for the same reason.
    line = line.replace(",15173.45", ",").replace(",15161.45", ",").replace(",15123.45", ",")
    yield from (f"{line}\n".encode() for _ in range(lines))


def resident_mebibytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@EVERY_FORMAT
def test_memory_stays_flat(each: ImportFormat, tmp_path: Path) -> None:
    """30,000 lines kept as rows would be 20 MB and more; read one by one they are nothing."""
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.writelines(big_file(each, 30_000))
    before = most = None
    with path.open("rb") as stream:
        for count, row in enumerate(each.parse(stream), start=1):
            assert isinstance(row, ParsedRow)
            if count % 5000 == 0:
                most = max(most or 0, resident_mebibytes())
                before = before or most
    assert count == 30_000
    assert before is not None
    assert most is not None
    assert most - before <= 6


# --- hostile and damaged files ---
SPLICES = [b"\x00", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b"'", b",", b"<", b"&x;", b"\xa3", b"\x81",
           b"\xff\xfe",
           "\uff11\uff12.\uff15\uff10".encode(), b"1e5", b"NaN", b"Infinity", b"-", b"12.345",
           b"1_000",
           b"99999999999999999999.00", b"<!DOCTYPE x>", b"<!-- -->", b"9" * 300, "\u202e".encode(),
           b"0.00", b"31/02/2026", b"2026-13-01", b"</Ntry>", b"<Ntry>", b"GBX"]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with one to three accidents."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.randint(1, 12))
        accident = chance.randrange(8)
        if accident == 0:
            data = data[:at]
        elif accident == 1 and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        elif accident == 2:
            data = data[:at] + data[to:]
        elif accident == 3:
            data = data[:at] + data[at:to] * chance.randint(2, 40) + data[to:]
        elif accident == 4:
            data = data.replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\r", b"\x0b"]))
        elif accident == 5:
            data = data.decode("latin-1").encode(
                chance.choice(["utf-16", "utf-16-be", "utf-8-sig"])
            )
        else:
            data = data[:at] + chance.choice(SPLICES) + data[chance.choice([at, to]) :]
    return data


def is_storable(text: str) -> bool:
    """No NUL, which PostgreSQL refuses, and nothing that moves or hides what people read."""
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text)


def refusal_of(act: Callable[[], object]) -> FileRefused | None:
    """What the act is refused with, or None; any other exception passes through."""
    try:
        act()
    except FileRefused as refusal:
        return refusal
    return None


def check_reading(each: ImportFormat, data: bytes) -> str:
    """Only rows, rejected rows or a refusal come out, all of it safe to store."""
    rows: list[Row] = []
    reading = each.parse(io.BytesIO(data))
    refusal = refusal_of(lambda: rows.extend(reading))
    if refusal is not None:
        assert is_storable(refusal.message)
        return "refused"
    for row in rows:
        if isinstance(row, ParsedRow):
            texts = {140: [row.payer, row.reference], 500: [row.narrative], 1000: [row.text],
                     64: [row.bank_reference], 16: [row.bank_code],
                     34: [row.bank_account]}  # fmt: skip
            assert 0 < abs(row.amount_pence) < MAX_PENCE
            assert isinstance(row.received_on, date)
            assert isinstance(row.effective_on, date)
            assert each.dedupe_key(row)
        else:
            assert isinstance(row, RejectedRow)
            assert row.reason
            texts = {1000: [row.text], 500: [row.reason]}
        for limit, several in texts.items():
            for text in several:
                assert len(text) <= limit
                assert is_storable(text)
    if reading.controls.total_pence is not None:
        assert sum(row.amount_pence or 0 for row in rows) == reading.controls.total_pence
    return "read"


@EVERY_FORMAT
def test_damaged_files_give_rows_or_refusals_and_nothing_else(each: ImportFormat) -> None:
    outcomes = {"read": 0, "refused": 0}
    for seed in range(400):
        data = mutated(sample(each), random.Random(f"{each.code} {seed}"))  # noqa: S311 - accidents
        outcomes[check_reading(each, data)] += 1
        refusal = refusal_of(partial(detect, data[:HEAD_BYTES]))
        assert refusal is None or is_storable(refusal.message)
    # Both happen, or the accidents are too weak or too strong to show anything.
    assert outcomes["read"] > 20
    assert outcomes["refused"] > 20


@EVERY_FORMAT
@pytest.mark.parametrize("how", ["line", "quote", "nul", "cell"])
def test_ten_megabytes_in_one_place_are_refused_or_rejected(each: ImportFormat, how: str) -> None:
    filler = {"line": b"x" * 10_000_000, "quote": b'"' + (b"x" * 98 + b",\n") * 100_000,
              "nul": b"\x00" * 10_000_000, "cell": b"9" * 200_000}[how]  # fmt: skip
    data = sample(each)
    at = data.rindex(b"7700") + 4 if b"7700" in data else len(data) // 2
    check_reading(each, data[:at] + filler + data[at:])


@EVERY_FORMAT
@pytest.mark.parametrize("other", FORMATS, ids=lambda each: each.code)
def test_a_file_of_another_bank_is_refused(each: ImportFormat, other: ImportFormat) -> None:
    if other is each:
        assert rows_of(each, sample(other))
        return
    with pytest.raises(FileRefused) as refused:
        rows_of(each, sample(other))
    assert each.name in refused.value.message or "XML" in refused.value.message


@EVERY_FORMAT
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "imports.file_empty"),
        (b" \r\n\t\n", "imports.file_empty"),
        (b"\xef\xbb\xbf", "imports.file_empty"),
        (b"PK\x03\x04" + bytes(60), "imports.file_is_binary"),
        (b"%PDF-1.7\n", "imports.file_is_binary"),
        (bytes(range(256)) * 8 + bytes(900), "imports.file_is_binary"),
    ],
)
def test_what_is_no_text_is_refused(each: ImportFormat, data: bytes, code: str) -> None:
    for act in (lambda: rows_of(each, data), lambda: detect(data)):
        with pytest.raises(FileRefused) as refused:
            act()
        assert refused.value.code == code
