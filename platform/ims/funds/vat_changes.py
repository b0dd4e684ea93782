"""Which days a change of dated rates is about, and whether posted lines stand on them.

A posted line keeps the rate it was posted with, so rates of the past are history: changing them
would make the ledger disagree with the table that explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

Rates = Mapping[date, int]
# (id of the VAT code, first day, first day no longer or None) -> whether any line is there
Posted = Callable[[int, date, date | None], bool]

_posted: dict[str, Posted] = {}


def register(name: str, posted: Posted) -> None:
    """Say where posted lines are kept. Called from the apps.py of an app above."""
    _posted[name] = posted


@dataclass(frozen=True, slots=True)
class Changed:
    """Days from `first_on` until before `until_on` (None: for good) whose rate would change.

    Rates are basis points; `after` is None when there would be no rate any more.
    """

    first_on: date
    until_on: date | None
    before: int
    after: int | None


def changed_days(before: Rates, after: Rates) -> Iterator[Changed]:
    """The days with a rate whose rate would be another, earliest first.

    Days that had no rate are not among them: nothing could be posted on those.
    """
    starts = sorted({*before, *after})
    for first_on, until_on in zip(starts, [*starts[1:], None], strict=False):
        was, becomes = _rate_on(before, first_on), _rate_on(after, first_on)
        if was is not None and was != becomes:
            yield Changed(first_on, until_on, was, becomes)


def first_posted(vat_code_id: int, changes: Iterator[Changed]) -> Changed | None:
    """The earliest change that posted lines stand in the way of, or None."""
    for change in changes:
        if any(
            posted(vat_code_id, change.first_on, change.until_on) for posted in _posted.values()
        ):
            return change
    return None


def _rate_on(rates: Rates, on: date) -> int | None:
    begun = [starts_on for starts_on in rates if starts_on <= on]
    return rates[max(begun)] if begun else None
