"""Amounts read back out of a file.

On purpose not the code that wrote them, so that one mistake cannot hide another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ims.exports.layout import Column, Format, SignStyle

_POUNDS = re.compile(r"[+-]?[0-9]+\.[0-9]{2}")
_PENCE = re.compile(r"[+-]?[0-9]+")
_PLAIN = re.compile(r"[0-9+-]*")


def read_amounts(column: Column, texts: Sequence[str]) -> list[int]:
    """Pence as written, each with its own sign, leaving blanks out.

    Raises ValueError for anything that the column cannot hold.
    """
    if column.format is Format.PENCE and _PLAIN.fullmatch("".join(texts)):
        return list(map(int, filter(None, texts)))
    if column.format is Format.POUNDS and column.sign is not SignStyle.TRAILING:
        filled = list(filter(None, texts))
        shape = {text[-3:-2] for text in filled} <= {"."}
        if shape and _PLAIN.fullmatch("".join(filled).replace(".", "")):
            return [int(text[:-3] + text[-2:]) for text in filled]
    return [_pence(column, text) for text in texts if text and not text.isspace()]


def _pence(column: Column, text: str) -> int:
    body = text.strip()
    if column.sign is SignStyle.TRAILING and body[-1:] == "-":
        body = "-" + body[:-1]
    if column.format is Format.POUNDS:
        if not _POUNDS.fullmatch(body):
            raise ValueError(f"“{body}” is not pounds and pence")
        return int(body[:-3] + body[-2:])
    if not _PENCE.fullmatch(body):
        raise ValueError(f"“{body}” is not a whole number of pence")
    return int(body)
