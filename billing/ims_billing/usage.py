"""What each council used, counted by the meters its apps register.

The figures an invoice will be made from: counted again from the council's own records each time,
so they need no table of their own and can always be proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ims_tenants.current import enter
from ims_tenants.meters import all_meters

if TYPE_CHECKING:
    from ims_tenants.models import Council


@dataclass(frozen=True, slots=True)
class Usage:
    """One meter of one council from a date to a date, both included."""

    council: str
    meter: str
    count: int


def usage_of(council: Council, first_on: date, last_on: date) -> list[Usage]:
    """Every meter of a council, by name."""
    with enter(council):
        return [
            Usage(council.name, name, meter(first_on, last_on))
            for name, meter in sorted(all_meters().items())
        ]
