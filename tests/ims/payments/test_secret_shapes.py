"""A credential is known by its looks wherever it is pasted, and ordinary words are not."""

from __future__ import annotations

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims.payments.secret_shapes import looks_secret, recognise, why_not_here

KEYS = [
    "api_test_" + "a1" * 20,
    "api_live_" + "b2" * 20,
    "sk_live_" + "Ab1" * 8,
    "rk_test_" + "Ab1" * 8,
    "whsec_" + "Ab1" * 8,
    "0a" * 128,
    base64.b64encode(bytes(range(32))).decode(),
    "-----BEGIN RSA PRIVATE KEY-----",
]
WORDS = [
    "",
    "Council Tax online",
    "MERCHANT_01",
    "our sk_live_ key is with IT",
    "https://www.northmoor.example/pay/council-tax?from=letter-2026",
    "3c5ae5a2-8f0b-4b1d-9c55-7d1f7e0c1a11",
    "Thank you. Your payment of {{ amount }} was received on {{ date }}.",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "[A-Z]{2}[0-9]{8}|[0-9]{10}",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_credential_is_refused_without_being_repeated(key: str) -> None:
    for text in (key, f"the key is {key}.", f"\n{key}\n"):
        words = why_not_here(text)
        assert "It was not kept" in words
        assert key not in words
        assert key[9:] not in words


@pytest.mark.parametrize("text", WORDS)
def test_words_are_kept(text: str) -> None:
    assert why_not_here(text) == ""


@given(st.binary(min_size=32, max_size=200))
def test_random_hexadecimal_is_always_seen(raw: bytes) -> None:
    assert looks_secret(raw.hex())


def test_nearly_every_random_token_is_seen() -> None:
    assert sum(looks_secret(secrets.token_urlsafe(40)) for _ in range(200)) > 190


def test_what_it_is_is_said() -> None:
    assert recognise("sk_test_" + "a" * 24) == "a Stripe test secret key"
    assert recognise("api_live_" + "a" * 24) == "a GOV.UK Pay live key"
    assert recognise("hello") == ""
