"""The accent colour of a council: real, and readable with white or black text on it."""

from __future__ import annotations

import re

from ims_tenants.errors import ColourUnusable

_HEX = re.compile(r"#[0-9a-f]{6}")
# WCAG 2.2, success criterion 1.4.3: text needs 4.5 to 1.
_NEEDED = 4.5


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of a colour with white, from 1 to 21."""
    return 1.05 / (luminance(colour) + 0.05)


def refuse_unreadable(colour: str) -> str:
    """The colour as stored. Raises ColourUnusable unless white text can be read on it."""
    tidy = colour.strip().lower()
    if _HEX.fullmatch(tidy) is None:
        raise ColourUnusable(f"“{colour[:20]}” is not a colour. Write it like #1d4f91.")
    ratio = contrast_with_white(tidy)
    if ratio < _NEEDED:
        raise ColourUnusable(
            f"White text on {tidy} has a contrast of {ratio:.1f} to 1. It needs {_NEEDED} to 1: "
            "choose a darker colour."
        )
    return tidy
