"""Every bank file format there is: adding one is a module, a line here, and the contract tests."""

from __future__ import annotations

from ims.imports.formats import camt053
from ims.imports.formats.bank_csv import BankCsv, first_lines, looks_like
from ims.imports.formats.base import ImportFormat
from ims.imports.formats.csv_header import refuse_near_miss, split_line
from ims.imports.formats.csv_layouts import (
    BANKLINE,
    BARCLAYS,
    HSBC,
    LLOYDS_BUSINESS,
    LLOYDS_COMMERCIAL,
    NATWEST,
)
from ims.imports.formats.errors import FormatNotRecognised, FormatUnknown
from ims.imports.formats.file_text import decode_head, refuse_unless_text

FORMATS: tuple[ImportFormat, ...] = (
    camt053.FORMAT,
    BankCsv(LLOYDS_COMMERCIAL),
    BankCsv(LLOYDS_BUSINESS),
    BankCsv(BARCLAYS),
    BankCsv(NATWEST),
    BankCsv(HSBC),
    BankCsv(BANKLINE),
)

_BY_CODE = {each.code: each for each in FORMATS}


def get(code: str) -> ImportFormat:
    """The format with this code. Raises FormatUnknown."""
    if code not in _BY_CODE:
        raise FormatUnknown(code[:40], list(_BY_CODE))
    return _BY_CODE[code]


def detect(head: bytes) -> ImportFormat:
    """The format of a file by its first bytes (base.HEAD_BYTES of them), never by its name.

    Raises the FileRefused that says most: FileEmpty, FileIsBinary, XmlHasDoctype,
    MessageNotSupported, NoStatement, HeaderChanged, TooManyColumns, else FormatNotRecognised.
    """
    for each in FORMATS:
        if each.sniff(head):
            return each
    camt053.refuse_other_xml(head)
    refuse_unless_text(head)
    lines = first_lines(decode_head(head))
    if lines:
        refuse_near_miss(split_line(lines[0]))
    raise FormatNotRecognised(looks_like(lines), [each.name for each in FORMATS])
