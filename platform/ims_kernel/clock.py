"""The only place that reads the clock, so that a test or a demo can say what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in the United Kingdom."""
    return now().astimezone(LONDON).date()


def day_of(instant: datetime) -> date:
    """The date of an instant in the United Kingdom."""
    return instant.astimezone(LONDON).date()
