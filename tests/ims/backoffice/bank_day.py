"""A morning at the bank for the tests of pages: files, the money in them, and counted queries."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Protocol

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ims.imports import services
from ims.imports.models import ImportFile
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims.imports.services import Upload
from ims.suspense.models import SuspenseItem
from ims.suspense.selectors import open_items
from ims_config.demo.bank_files import BankLine, write_camt053, write_lloyds_csv
from ims_kernel import clock
from ims_kernel.identity.permissions import system

DAY = date(2026, 8, 3)
PRIYA = system("Priya Raman")


class Page(Protocol):
    """An answer with words: a response, whatever Django's test client made of its type."""

    @property
    def content(self) -> bytes: ...


# Northmoor's rules post the first, and park the others: no rule, no account, and money out.
KNOWN = BankLine(DAY, 12_050, "J OKAFOR", "", "COUNCIL TAX 770012345")
UNKNOWN = BankLine(DAY, 4_500, "A N OTHER & SON", "HOLIDAY", "FASTER PAYMENT")
NAMED = BankLine(DAY, 7_000, "T WILLIAMS", "", "COUNCIL TAX THANK YOU")
UNPAID = BankLine(DAY, -2_500, "MRS P SINGH", "", "UNPAID CHEQUE 000123")
MIXED = (KNOWN, UNKNOWN, NAMED, UNPAID)


def camt(*lines: BankLine, statement: str = "STMT-1") -> bytes:
    """A camt.053 statement of these lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.xml"
        write_camt053(path, lines, statement_id=statement)
        return path.read_bytes()


def csv_with_bad_line(*lines: BankLine, bad: int = 1, date_text: str = "32/13/2026") -> bytes:
    """A Lloyds CSV in which the date of line `bad` (1 is under the header) cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.csv"
        write_lloyds_csv(path, lines)
        rows = path.read_bytes().decode().split("\r\n")
    rows[bad] = date_text + rows[bad][10:]
    return "\r\n".join(rows).encode()


def uploaded(data: bytes, name: str = "statement.xml") -> SimpleUploadedFile:
    """What a browser sends."""
    return SimpleUploadedFile(name, data)


def receive(data: bytes, name: str = "statement.xml", profile: str = "bank") -> ImportFile:
    """Receive a file in the council at hand. It is not read yet."""
    return services.receive(Upload(name, [data], profile), actor=PRIYA, at=clock.now())


def ready(data: bytes, name: str = "statement.xml") -> ImportFile:
    """Receive and read a file."""
    return read_file(receive(data, name).pk)


def posted(data: bytes, name: str = "statement.xml") -> ImportFile:
    """Receive, read and post a file."""
    found = ready(data, name)
    services.request_post(found.pk, actor=PRIYA, at=clock.now())
    return post_file(found.pk, clock=clock.now)


def parked(line: BankLine, statement: str = "STMT-1") -> SuspenseItem:
    """The suspense item of one line that no rule places."""
    before = set(open_items().values_list("pk", flat=True))
    posted(camt(line, statement=statement), f"{statement}.xml")
    (item,) = open_items().exclude(pk__in=before)
    return item


def text_of(response: Page) -> str:
    """The words of a page as a person reads them, with single spaces."""
    html = response.content.decode()
    html = re.sub(r"<head>.*?</head>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def downloaded(response: Any) -> bytes:
    """The bytes of a file that an answer streams."""
    return b"".join(response.streaming_content)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The queries of the block, without the ones that choose the schema."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [
        query["sql"]
        for query in captured.captured_queries
        if "search_path" not in query["sql"]
        and not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
