"""Secrets of second factors, sealed with the council's own key."""

from __future__ import annotations


def seal_text(text: str) -> str:
    """Interim until ims_kernel.crypto lands."""
    return text


def open_text(sealed: str) -> str:
    """Interim until ims_kernel.crypto lands."""
    return sealed
