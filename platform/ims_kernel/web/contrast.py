"""Contrast between two colours, as WCAG 2.2 works it out (success criterion 1.4.3). No Django."""

from __future__ import annotations

import re

from ims_kernel.errors import ImsError

# WCAG 2.2 level AA: text needs 4.5:1; borders, icons and the bars of a chart need 3:1.
TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0
WHITE = "#ffffff"

_LINEAR_UP_TO = 0.04045
_HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


class ColourUnreadable(ImsError):
    """The text is not a colour we can use."""

    code = "web.colour_unreadable"


class ColourTooPale(ImsError):
    """White text on this colour, or this colour on white, could not be read by everyone."""

    code = "web.colour_too_pale"


def contrast_ratio(first: str, second: str) -> float:
    """The ratio of two `#rrggbb` colours, from 1.0 (the same) to 21.0 (black on white).

    Raises ColourUnreadable.
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """White or near-black, whichever is easier to read on `#rrggbb`. Raises ColourUnreadable."""
    candidates = (WHITE, "#0b0c0c")
    return max(candidates, key=lambda text: contrast_ratio(text, background))


def check_accent(accent: str) -> str:
    """The accent colour in lower case, when everyone can read it on white and white on it.

    Raises ColourUnreadable, or ColourTooPale under 4.5:1.
    """
    ratio = contrast_ratio(accent, WHITE)
    if ratio < TEXT_RATIO:
        raise ColourTooPale(
            f"The colour {accent} is too pale: its contrast with white is {ratio:.1f} to 1. "
            f"Choose a darker colour, with at least {TEXT_RATIO} to 1.",
            ratio=round(ratio, 2),
        )
    return accent.lower()


def _luminance(colour: str) -> float:
    if _HEX.fullmatch(colour) is None:
        raise ColourUnreadable(
            f"“{colour[:20]}” is not a colour. Write # and six digits or letters, like #1d4b66.",
            text=colour[:20],
        )
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # The sRGB curve, with the numbers of WCAG's definition of relative luminance.
    return channel / 12.92 if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4
