"""Looking a password up in a file of breached ones, without reading the file into memory.

The file is Have I Been Pwned's "Pwned Passwords", SHA-1, ordered by hash
(https://haveibeenpwned.com/Passwords): lines of `40 hexadecimal digits:count`, ascending, ended by
LF or CRLF. It is some 40 GB; a look-up reads a few kilobytes of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

_HASH_LENGTH = 40
# Longer than any line; the last steps of the search read this much at once.
_BLOCK = 4096


def is_in(path: Path, password: str) -> bool:
    """Whether the file lists the password. Raises OSError when it cannot be read."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while high - low > _BLOCK:
            middle = (low + high) // 2
            start, found = _line_after(lines, middle)
            if not found or start >= high or found > wanted:
                high = middle
            elif found == wanted:
                return True
            else:
                low = start
        # The line that `low` stands in and all that begin before `high`.
        lines.seek(low)
        near = lines.read(high - low + _BLOCK)
    return any(line[:_HASH_LENGTH].upper() == wanted for line in near.split(b"\n"))


def _line_after(lines: BinaryIO, offset: int) -> tuple[int, bytes]:
    """Where the first line that begins after the offset begins, and its hash."""
    lines.seek(offset)
    skipped = lines.readline(_BLOCK)
    return offset + len(skipped), lines.readline(_BLOCK)[:_HASH_LENGTH].upper()
