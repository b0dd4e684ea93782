"""The camt.053 format: ISO 20022 end-of-day bank statements, any version, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree
from lxml.etree import _Element

from ims.imports.formats import base
from ims.imports.formats.base import HEAD_BYTES, Controls, ParsedRow, Reading, Row
from ims.imports.formats.camt_facts import local_names
from ims.imports.formats.camt_statement import Statement
from ims.imports.formats.errors import (
    EncodingUnreadable,
    MessageNotSupported,
    NoStatement,
    NotThisFormat,
    XmlBroken,
    XmlHasDoctype,
)
from ims.imports.formats.fields import tidy
from ims.imports.formats.file_text import binary_kind, decode_head, refuse_unless_text

_STATEMENT = "BkToCstmrStmt"
# The messages banks offer beside the statement, by the element that holds them.
_OTHERS = {
    "BkToCstmrAcctRpt": ("camt.052", "a report during the day"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "a notice of debits and credits"),
    "CstmrCdtTrfInitn": ("pain.001", "payments the council sends"),
    "CstmrPmtStsRpt": ("pain.002", "the status of payments sent"),
    "CstmrDrctDbtInitn": ("pain.008", "Direct Debits the council sends"),
    "FIToFICstmrCdtTrf": ("pacs.008", "a transfer between banks"),
    "PmtRtr": ("pacs.004", "a returned payment"),
}
_ENCODINGS = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "WINDOWS-1252", "US-ASCII")
_MESSAGE = re.compile(r"<(?:[\w.-]+:)?(" + "|".join([_STATEMENT, *_OTHERS]) + r")[\s/>]")
_DECLARATION = re.compile(r"<!(DOCTYPE|ENTITY)")
_ENCODING = re.compile(r"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]{1,40})")
# XML may be UTF-16 without a byte order mark; its first two characters tell.
_UNMARKED_UTF16 = {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}
# Only these ever reach Python; lxml's tag filter drops the rest.
_WATCHED = ["Stmt", "Id", "Acct", "Bal", "TxsSummry", "Ntry", _STATEMENT, *_OTHERS]


class Camt053:
    """The ImportFormat for camt.053."""

    code = "camt053"
    name = "camt.053 XML statement (any bank)"

    def sniff(self, head: bytes) -> bool:
        """Whether a bank-to-customer statement begins in these bytes."""
        text = xml_head(head)
        match = _MESSAGE.search(text) if text.startswith("<") else None
        return match is not None and match[1] == _STATEMENT

    def parse(self, stream: BinaryIO) -> Reading:
        """The file's rows. Iterating raises FileRefused when the file as a whole is wrong."""
        statements: list[Controls] = []
        return Reading(_rows(stream, statements), statements)

    def dedupe_key(self, row: ParsedRow) -> str:
        """See base.dedupe_key."""
        return base.dedupe_key(row)


def xml_head(head: bytes) -> str:
    """The first bytes as text from its first visible character; "" when they are binary."""
    for mark, encoding in _UNMARKED_UTF16.items():
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    return "" if binary_kind(head) else decode_head(head).lstrip("\ufeff \t\r\n")


def refuse_other_xml(head: bytes) -> None:
    """Raises what is wrong with XML that is no camt.053; returns when the bytes are not XML.

    Raises XmlHasDoctype, MessageNotSupported or NoStatement.
    """
    text = xml_head(head)
    if not text.startswith("<"):
        return
    if _DECLARATION.search(text):
        raise XmlHasDoctype
    match = _MESSAGE.search(text)
    if match is None:
        raise NoStatement
    if match[1] != _STATEMENT:
        raise MessageNotSupported(*_OTHERS[match[1]])


def _rows(stream: BinaryIO, statements: list[Controls]) -> Iterator[Row]:
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    text = xml_head(head)
    if not text.startswith("<"):
        refuse_unless_text(head)
        raise NotThisFormat(Camt053.name, f"text starting “{tidy(text, 80)}”")
    if _DECLARATION.search(text):
        raise XmlHasDoctype
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].upper() not in _ENCODINGS:
        # UTF-7 and its like can write "<!DOCTYPE" in other characters.
        raise EncodingUnreadable(f"UTF-8 (it says {encoding[1]})", 0)
    stream.seek(0)
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in _WATCHED],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        yield from _statements(events, statements)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        detail = tidy((error.msg or "unreadable").split(", line")[0], 200)
        raise XmlBroken(line, detail) from None
    if not statements:
        raise NoStatement


def _statements(
    events: Iterator[tuple[str, _Element]], statements: list[Controls]
) -> Iterator[Row]:
    """Rows of every Stmt, clearing each entry once read so that memory stays flat."""
    statement: Statement | None = None
    number = 0
    checked = False
    for event, element in events:
        name = local_names[element.tag]
        if event == "start":
            if not checked:
                _refuse_document(element)
                checked = True
            if name in _OTHERS:
                raise MessageNotSupported(*_OTHERS[name])
            if name == "Stmt":
                statement = Statement()
        elif statement is not None and _is_own(element):
            if name == "Ntry":
                number += 1
                yield from statement.take_entry(element, number)
                _forget(element)
            elif name == "Stmt":
                statements.append(statement.finish())
                statement = None
                _forget(element)
            else:
                _take(statement, name, element)


def _is_own(element: _Element) -> bool:
    """Whether the element is the statement or stands directly under it; Id and Amt recur below."""
    parent = element.getparent()
    return parent is not None and local_names[parent.tag] in ("Stmt", _STATEMENT)


def _take(statement: Statement, name: str, element: _Element) -> None:
    if name == "Id":
        statement.take_id(element)
    elif name == "Acct":
        statement.take_account(element)
    elif name == "Bal":
        statement.take_balance(element)
    elif name == "TxsSummry":
        statement.take_summary(element)


def _refuse_document(element: _Element) -> None:
    """A DOCTYPE hidden behind a long comment, seen by the parser itself."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlHasDoctype


def _forget(element: _Element) -> None:
    """Empties an element that has been read and drops what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


FORMAT = Camt053()
