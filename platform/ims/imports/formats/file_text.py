"""Bytes of a bank file as text: whether they are text, in which encoding, in sane lines."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

from ims.imports.formats.errors import EncodingUnreadable, FileEmpty, FileIsBinary, LineTooLong

_CHUNK = 262_144
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (codecs.BOM_UTF32_LE, "text in UTF-32"),
    (codecs.BOM_UTF32_BE, "text in UTF-32"),
)
# A stray NUL happens in real exports and is dropped; many mean the bytes are no text.
_NUL_SHARE = 20


def binary_kind(head: bytes) -> str:
    """What the first bytes are when they are not text, for people; "" when they look like text."""
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if not head.startswith(_UTF16) and head.count(0) * _NUL_SHARE > len(head):
        return "binary data"
    return ""


def decode_head(head: bytes) -> str:
    """The first bytes as text, good enough to recognise a format by. Never raises."""
    if head.startswith(_UTF16):
        return head.decode("utf-16", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def refuse_unless_text(head: bytes) -> None:
    """Raises FileEmpty or FileIsBinary."""
    kind = binary_kind(head)
    if kind:
        raise FileIsBinary(kind)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FileEmpty


def open_text(stream: BinaryIO) -> io.TextIOWrapper:
    """The whole stream as text lines, any line ends becoming "\\n".

    UTF-16 by its mark, else UTF-8, else Windows-1252, decided for the file as a whole by reading
    it once before: a "£" in the last line must not change how the first was read.
    Detach the wrapper when done, or it closes the stream.

    Raises FileEmpty, FileIsBinary, EncodingUnreadable, LineTooLong.
    """
    stream.seek(0)
    head = stream.read(_CHUNK)
    refuse_unless_text(head)
    encoding = "utf-16" if head.startswith(_UTF16) else "utf-8-sig"
    try:
        _scan(stream, encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise EncodingUnreadable("UTF-16", stream.tell() - 1) from None
        encoding = "cp1252"
        _scan_cp1252(stream)
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=encoding, newline=None)


def _scan(stream: BinaryIO, encoding: str) -> None:
    """Decodes everything once, keeping nothing. Raises UnicodeDecodeError, LineTooLong."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    stream.seek(0)
    lines = 1
    while chunk := stream.read(_CHUNK):
        decoder.decode(chunk)
        ends = chunk.count(b"\n") or chunk.count(b"\r")
        if not ends and len(chunk) == _CHUNK:
            raise LineTooLong(lines)
        lines += ends
    decoder.decode(b"", final=True)


def _scan_cp1252(stream: BinaryIO) -> None:
    position = 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        try:
            chunk.decode("cp1252")
        except UnicodeDecodeError as error:
            raise EncodingUnreadable("UTF-8 or Windows-1252 text", position + error.start) from None
        position += len(chunk)
    _scan(stream, "cp1252")
