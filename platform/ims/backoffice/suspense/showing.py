"""Words of suspense on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ims.reports.suspense import Moved, Story
from ims.suspense.selectors import AgeBand
from ims_kernel.money import format_pounds


def age(opened_on: date, today: date) -> str:
    """How long an item has waited: `today`, `1 day`, `12 days`."""
    days = (today - opened_on).days
    if days <= 0:
        return "today"
    return "1 day" if days == 1 else f"{days:,} days"


def bands(found: Sequence[AgeBand]) -> list[dict[str, str]]:
    """The headline figures of suspense by age; those with items lead to them."""
    return [
        {
            "label": band.label,
            "text": format_pounds(band.remaining_pence),
            "hint": f"{band.count:,} {'item' if band.count == 1 else 'items'}",
            "href": f"?age={place}" if band.count else "",
        }
        for place, band in enumerate(found)
    ]


def history(story: Story) -> list[dict[str, Any]]:
    """What happened to an item, newest first."""
    events = [_moved(moved) for moved in story.moved]
    opened = {
        "title": f"{format_pounds(story.item.amount_pence)} put in suspense",
        "at": story.entry.posted_at,
        "by": story.entry.actor_name,
        "text": story.item.reason,
    }
    return [*events, opened]


def _moved(moved: Moved) -> dict[str, Any]:
    where = "; ".join(
        f"{format_pounds(pence)} to {fund}, account {account}"
        for fund, account, pence in moved.parts
    )
    return {
        "title": f"{format_pounds(moved.allocation.amount_pence)} allocated",
        "at": moved.allocation.allocated_at,
        "by": moved.allocation.actor_name,
        "text": f"{where}. {moved.note}".strip(),
    }
