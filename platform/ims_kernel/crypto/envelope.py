"""Sealing bytes with AES-256-GCM (NIST SP 800-38D), and the form sealed bytes are stored in.

A sealed value is `version (1 byte) | key number (4 bytes, big-endian) | nonce (12) | ciphertext and
tag`. The header and the place are authenticated, so a value opens only where it was sealed.
No database and no settings here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ims_kernel.crypto.errors import KeyUnusable, SealBroken

KEY_BYTES = 32
_VERSION = 1
_HEADER, _NONCE, _TAG = 5, 12, 16
_BROKEN = (
    "A secret in the database is not as it was stored. It was changed, or moved from another "
    "place. Enter the secret again, and tell your support contact."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs. `scope` is the council's identifier, or `public`."""

    scope: str
    table: str
    column: str
    row: str

    def __post_init__(self) -> None:
        # Two places must never read the same once put together.
        if "|" in f"{self.scope}{self.table}{self.column}{self.row}":
            raise ValueError("No part of a place may hold “|”.")

    def as_bytes(self) -> bytes:
        """What is authenticated beside the header."""
        return f"{self.scope}|{self.table}|{self.column}|{self.row}".encode()


def new_key() -> bytes:
    """256 random bits."""
    return os.urandom(KEY_BYTES)


def read_key(text: str) -> bytes:
    """A key-encryption key from base64 (either alphabet). Raises KeyUnusable."""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(
            "IMS_KEY_ENCRYPTION_KEY must be 32 random bytes as base64. Make one with "
            "`openssl rand -base64 32`. While keys are changed, it holds the new key, a comma and "
            "the old key."
        )
    return key


def write_key(key: bytes) -> str:
    """The text that read_key reads."""
    return base64.b64encode(key).decode()


def key_id(key: bytes) -> str:
    """A name for a key that says nothing about it: 16 hex digits."""
    return hashlib.sha256(b"ims key id\0" + key).hexdigest()[:16]


def seal(plain: bytes, place: Place, *, key: bytes, number: int) -> bytes:
    """The sealed bytes. `number` tells which of the council's data keys `key` is."""
    header = bytes([_VERSION]) + number.to_bytes(4)
    nonce = os.urandom(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, header + place.as_bytes())


def number_of(sealed: bytes) -> int:
    """Which of the council's data keys opens this. Raises SealBroken when it is no sealed value."""
    if len(sealed) < _HEADER + _NONCE + _TAG or sealed[0] != _VERSION:
        raise SealBroken(_BROKEN)
    return int.from_bytes(sealed[1:_HEADER])


def unseal(sealed: bytes, place: Place, *, key: bytes) -> bytes:
    """The plain bytes. Raises SealBroken for a changed value, another place or another key."""
    number_of(sealed)
    header, rest = sealed[:_HEADER], sealed[_HEADER:]
    try:
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], header + place.as_bytes())
    except InvalidTag:
        raise SealBroken(_BROKEN, table=place.table, column=place.column) from None
