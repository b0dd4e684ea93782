"""Changing the council's own settings in a test."""

from __future__ import annotations

from typing import Any

from ims.council.records import BANNERS, COUNCIL, WORDING
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_kernel.records import services
from ims_kernel.records.services import Asked, Saved


def _asked() -> Asked:
    return Asked(system("Test"), clock.now(), approved=True)


def set_council(**values: Any) -> Saved:
    """Change the council's settings."""
    return services.save(COUNCIL, "settings", values, asked=_asked())


def add_banner(code: str, words: str, **values: Any) -> Saved:
    """Add a banner for staff."""
    given = {"code": code, "words": words, "severity": "warning", "places": ["staff"], **values}
    return services.save(BANNERS, None, given, asked=_asked())


def word(code: str, **values: Any) -> Saved:
    """Change a message."""
    return services.save(WORDING, code, values, asked=_asked())
