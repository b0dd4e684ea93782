"""Questions about ledger files."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from ims.exports.errors import LayoutNotFound, RunNotFound
from ims.exports.models import GENERAL_LEDGER, ExportedLine, ExportLayout, ExportRun
from ims.exports.states import RELEASED
from ims.ledger import selectors as ledger


@dataclass(frozen=True, slots=True)
class Waiting:
    """Ledger lines that no file holds. Pence, money in above zero."""

    line_count: int
    net_pence: int


def list_layouts() -> list[ExportLayout]:
    """The council's layouts in use, by name."""
    return list(ExportLayout.objects.filter(is_active=True).order_by("name"))


def get_layout(code: str) -> ExportLayout:
    """The layout in use of this code. Raises LayoutNotFound, naming those there are."""
    in_use = ExportLayout.objects.filter(is_active=True)
    layout = in_use.filter(code=code).first()
    if layout is None:
        names = ", ".join(in_use.order_by("code").values_list("code", flat=True))
        raise LayoutNotFound(
            f"There is no ledger file layout “{code[:40]}”. There are: {names or 'none'}.",
            layout=code[:40],
        )
    return layout


def list_runs(limit: int = 50) -> list[ExportRun]:
    """The newest runs, with their layouts."""
    return list(runs().order_by("-pk")[:limit])


def runs() -> QuerySet[ExportRun]:
    """Every run, for reports to narrow."""
    return ExportRun.objects.select_related("layout")


def get_run(run_id: int) -> ExportRun:
    """The run. Raises RunNotFound."""
    found = runs().filter(pk=run_id).first()
    if found is None:
        raise RunNotFound("There is no ledger file of this number.", run=run_id)
    return found


def count_of_layout(layout: ExportLayout) -> int:
    """How many files were made, or tried, by a layout."""
    return ExportRun.objects.filter(layout=layout).count()


def run_of_line(line_id: int, feed: str = GENERAL_LEDGER) -> ExportRun | None:
    """The run that holds a ledger line, or None when it has not left."""
    held = ExportedLine.objects.filter(feed=feed, line_id=line_id).select_related("run").first()
    return held.run if held else None


def waiting(feed: str = GENERAL_LEDGER) -> Waiting:
    """What the next file would take.

    Everything posted less everything in a file: two sums, where looking for each line would be a
    join over the whole ledger.
    """
    posted = ledger.lines().aggregate(count=Count("pk"), pence=Sum("amount_pence"))
    left = (
        ExportRun.objects.filter(feed=feed)
        .exclude(state__in=RELEASED)
        .aggregate(count=Sum("line_count"), pence=Sum("net_pence"))
    )
    return Waiting(
        line_count=posted["count"] - (left["count"] or 0),
        net_pence=(posted["pence"] or 0) - (left["pence"] or 0),
    )
