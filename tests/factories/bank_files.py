"""Bank files with invented payers, small and large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from ims.imports import selectors
from ims.imports.models import ImportFile
from ims.imports.reading import read_file
from ims.imports.services import Upload, receive
from tests.factories.drafts import AT, TESTER

HEADER = (
    "Date,Sort & Account No.,Account Name,Type,Amount,Customer Reference,Transaction Details,"
    "Balance"
)


def row(
    amount: str = "10.00",
    reference: str = "770000001",
    narrative: str = "A PAYER",
    *,
    on: str = "19/11/2026",
    account: str = "200000-12345678",
) -> str:
    """One line of a Lloyds Commercial Banking CSV without its balance."""
    return f'{on},{account} GBP,COUNCIL,BGC,"{amount}",{reference},{narrative},'


def csv_file(*rows: str) -> bytes:
    """A whole file."""
    return "\n".join([HEADER, *rows, ""]).encode()


def upload(data: bytes, name: str = "bank.csv", profile: str = "bank") -> Upload:
    """The file as it arrives, in two pieces."""
    half = len(data) // 2
    return Upload(name, [data[:half], data[half:]], profile)


def received(data: bytes, name: str = "bank.csv", profile: str = "bank") -> ImportFile:
    """Receive a file without asking for it to be read."""
    return receive(upload(data, name, profile), actor=TESTER, at=AT, read_later=False)


def read(data: bytes, name: str = "bank.csv", profile: str = "bank") -> ImportFile:
    """Receive and read a file."""
    found = received(data, name, profile)
    with transaction.atomic():
        read_file(int(found.pk))
    return selectors.get_import(int(found.pk))


# What becomes of the lines of `many_rows`, over and over.
_KINDS: Sequence[tuple[str, str]] = (
    ("770000001", "COUNCIL TAX"),
    ("60000000001", "RENT"),
    ("TW00001", "BINS"),
    ("NOBODY KNOWS", "CASH"),
    ("", "770000002 PAID"),
)


def many_rows(count: int) -> Iterator[bytes]:
    """A file of so many lines, a piece at a time: four of five are known, one in 50 is no money."""
    yield (HEADER + "\n").encode()
    for start in range(0, count, 1_000):
        lines = []
        for number in range(start, min(start + 1_000, count)):
            reference, narrative = _KINDS[number % 5]
            amount = "x" if number % 50 == 49 else f"{number % 997 + 1}.{number % 100:02d}"
            lines.append(row(amount, reference, f"{narrative} {number}"))
        yield ("\n".join(lines) + "\n").encode()
