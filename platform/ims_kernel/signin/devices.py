"""A browser in a few words, so that a person can tell their own devices apart."""

from __future__ import annotations

# In the order in which they must be asked: each of the later ones also claims to be an earlier.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """`Firefox on Windows`, or `Unknown browser`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if not browser:
        return "Unknown browser"
    return f"{browser} on {system}" if system else browser
