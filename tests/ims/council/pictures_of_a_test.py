"""Invented pictures, good and hostile."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def png(width: int = 40, height: int = 20, *, colour: str = "#00625a", note: str = "") -> bytes:
    """A picture of one colour, with a hidden text where asked."""
    out, info = io.BytesIO(), PngInfo()
    if note:
        info.add_text("Comment", note)
    Image.new("RGBA", (width, height), colour).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def jpeg(note: bytes = b"") -> bytes:
    """A photograph with a comment."""
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#6b1f5f").save(out, "JPEG", comment=note)
    return out.getvalue()


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few bytes that say they are 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def svg(inside: str = '<path d="M0 0h9v9z" fill="#00625a"/>', attributes: str = "") -> bytes:
    """A drawing with these parts."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 40 20" {attributes}>{inside}</svg>'
    ).encode()
