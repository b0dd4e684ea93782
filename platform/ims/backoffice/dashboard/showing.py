"""Figures of the dashboard as bars, headlines and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from markupsafe import Markup

from ims.reports.income import Income, IncomeRow
from ims.reports.worklist import Files, Suspense, Unsent
from ims_kernel.money import format_pounds
from ims_kernel.web.charts import Bar, bar_chart, column_chart
from ims_kernel.web.dates import format_date

# More bars than this are a wall: the table beside the chart has them all.
MOST_BARS = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of days, and the same days as bars for its table."""

    chart: Markup
    bars: Sequence[Bar]


def headline(income: Income) -> list[dict[str, str]]:
    """Today, seven and thirty days, each with how many payments."""
    total, counts = income.total, income.payments
    sums = (total.today_pence, total.week_pence, total.month_pence)
    labels = ("Today", "Last 7 days", "Last 30 days")
    return [
        {"label": label, "text": signed(pence), "hint": count_of(number, "payment")}
        for label, pence, number in zip(labels, sums, counts, strict=True)
    ]


def day_columns(income: Income) -> Columns:
    """Income on each of the thirty days."""
    bars = [
        Bar(f"{day.day.day} {day.day:%b}", day.pence, signed(day.pence)) for day in income.by_day
    ]
    return Columns(column_chart(bars, title="Income on each of 30 days", name="by-day"), bars)


def income_chart(rows: Sequence[IncomeRow], *, title: str, name: str) -> Markup:
    """Thirty days of each fund or method, the largest first, the smallest taken together."""
    bars = [Bar(row.name, row.month_pence, signed(row.month_pence)) for row in rows]
    if len(bars) > MOST_BARS:
        small = bars[MOST_BARS - 1 :]
        rest = sum(bar.value for bar in small)
        bars = [*bars[: MOST_BARS - 1], Bar(f"{len(small)} others", rest, signed(rest))]
    return bar_chart(bars, title=title, name=name)


def age_chart(waiting: Suspense) -> Markup:
    """What is left in suspense by age."""
    bars = [
        Bar(band.label, band.remaining_pence, signed(band.remaining_pence))
        for band in waiting.bands
    ]
    return bar_chart(bars, title="Suspense by age", name="by-age")


def tasks(
    files: Files | None, waiting: Suspense | None, unsent: Unsent | None
) -> list[dict[str, Any]]:
    """What needs somebody now; only what there is something to do about."""
    found: list[dict[str, Any]] = []
    if files and files.ready_count:
        found.append(
            {
                "title": f"Post {count_of(files.ready_count, 'file')}",
                "href": reverse("imports"),
                "hint": f"Checked and ready: {count_of(files.ready_rows, 'line')}.",
                "status": signed(files.ready_pence),
            }
        )
    if waiting and waiting.count:
        oldest = (
            f" The oldest came in on {format_date(waiting.oldest_on)}." if waiting.oldest_on else ""
        )
        found.append(
            {
                "title": f"Explain {count_of(waiting.count, 'suspense item')}",
                "href": reverse("suspense"),
                "hint": f"Money nobody has placed yet.{oldest}",
                "status": signed(waiting.remaining_pence),
            }
        )
    if unsent and unsent.line_count:
        found.append(
            {
                "title": f"Send {count_of(unsent.line_count, 'line')} to the ledger",
                "href": reverse("exports"),
                "hint": "Posted here, and in no ledger file yet.",
                "status": signed(unsent.net_pence),
            }
        )
    return found


def count_of(number: int, thing: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def signed(pence: int) -> str:
    """Pounds with a real minus sign, which screen readers say and lines do not break after."""
    return format_pounds(pence).replace("-", "\u2212")
