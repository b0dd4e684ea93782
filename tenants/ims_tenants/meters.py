"""What can be counted for each council: apps register a meter, billing reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

# From a date to a date (both included), inside a council: how many.
Meter = Callable[[date, date], int]

_meters: dict[str, Meter] = {}


def register(name: str, meter: Meter) -> None:
    """Add a meter such as `ledger_lines_posted`. Called from an app's apps.py."""
    _meters[name] = meter


def all_meters() -> Mapping[str, Meter]:
    """Every registered meter by name."""
    return dict(_meters)
