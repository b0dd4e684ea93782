"""What credentials look like, so that one pasted in the wrong place is never kept. No Django.

Shapes: GOV.UK Pay and Stripe publish the prefixes of their keys; Smartpay Fuse keys are long runs
of hexadecimal digits or base64. No answer repeats any part of what was given.
"""

from __future__ import annotations

import re

# How it begins, and what it is.
_KNOWN: tuple[tuple[str, str], ...] = (
    (r"api_test_", "a GOV.UK Pay test key"),
    (r"api_live_", "a GOV.UK Pay live key"),
    (r"sk_test_", "a Stripe test secret key"),
    (r"sk_live_", "a Stripe live secret key"),
    (r"rk_test_", "a Stripe restricted test key"),
    (r"rk_live_", "a Stripe restricted live key"),
    (r"pk_(?:test|live)_", "a Stripe publishable key"),
    (r"whsec_", "a Stripe webhook signing secret"),
)
_SHORTEST = 8  # characters after the prefix; a sentence about `sk_live_` keys is no key
_KEY_FILE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_WORD = re.compile(r"[A-Za-z0-9+/=_-]{40,}", re.ASCII)
_HEX = re.compile(r"[0-9A-Fa-f]{64,}", re.ASCII)


def recognise(text: str) -> str:
    """What a credential is by how it begins, such as “a Stripe test secret key”; else nothing."""
    for start, words in _KNOWN:
        if re.search(rf"(?<![A-Za-z0-9]){start}[A-Za-z0-9+/=]{{{_SHORTEST},}}", text, re.ASCII):
            return words
    return "a private key" if _KEY_FILE.search(text) else ""


def looks_secret(text: str) -> bool:
    """Whether any word of the text could be a credential."""
    if recognise(text):
        return True
    return any(_is_random(word) for word in _WORD.findall(text))


def _is_random(word: str) -> bool:
    if _HEX.fullmatch(word):
        return True
    kinds = (r"[a-z]", r"[A-Z]", r"[0-9]")
    return all(re.search(kind, word, re.ASCII) for kind in kinds)


def why_not_here(text: str) -> str:
    """Why a text must not be kept where people can read it; empty when it may."""
    if not looks_secret(text):
        return ""
    what = recognise(text) or "a password or a key"
    return (
        f"this looks like {what}. It was not kept, and nobody can see it here. Put it into its own "
        "field. If others may have seen it, make a new one at the provider."
    )
