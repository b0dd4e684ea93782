"""Sealing a text that has no column of its own, such as what another package stores for us."""

from __future__ import annotations

import base64
import binascii

from ims_kernel.crypto import keys
from ims_kernel.crypto.envelope import Place
from ims_kernel.crypto.errors import SealBroken
from ims_kernel.scope import scope_id

_MARK = "ims1."


def seal_text(plain: str, *, table: str, column: str, row: str = "-") -> str:
    """The text sealed for the council at hand, as text that fits a text column.

    `row` is the row's identifier where there is one when sealing; without it, a value could be
    moved between rows of the same column, but never to another column or council.
    """
    sealed = keys.ring().seal(plain.encode(), Place(scope_id(), table, column, row))
    return _MARK + base64.urlsafe_b64encode(sealed).decode()


def open_text(sealed: str, *, table: str, column: str, row: str = "-") -> str:
    """The plain text. Raises SealBroken for anything that was not sealed here for this place."""
    try:
        given = base64.urlsafe_b64decode(sealed.removeprefix(_MARK))
    except (binascii.Error, ValueError):
        given = b""
    if not sealed.startswith(_MARK):
        given = b""
    if not given:
        raise SealBroken("A stored secret is not a sealed value. Enter the secret again.")
    return keys.ring().unseal(given, Place(scope_id(), table, column, row)).decode()
