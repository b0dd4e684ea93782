"""The ledger lines of a run: taking them, adding them up, streaming them. All set-based."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, LPad, NullIf

from ims.exports.layout import AMOUNT_SOURCES, Grain, Layout
from ims.exports.models import ExportedLine, ExportRun
from ims.exports.rows import Batch, LedgerRow
from ims.ledger import selectors as ledger
from ims_kernel.references import encode

_FETCHED = 5_000
_MANY = 10_000
_NO_TEXT = Value("", output_field=CharField())

# Where each field of a row comes from. The payer's own words are not here on purpose: they may
# have to be erased one day, and a ledger file cannot be called back.
_SOURCES: Mapping[str, Combinable] = MappingProxyType(
    {
        "line_id": F("pk"),
        "entry_reference": F("entry_id"),  # made a receipt number by stream()
        "kind": F("entry__kind"),
        "fund_code": F("fund__code"),
        "fund_ledger_code": F("fund__ledger_code"),
        "method_code": F("method__code"),
        "method_ledger_code": F("method__control_code"),
        "account_reference": F("account_reference"),
        "amount_pence": F("amount_pence"),
        "vat_code": F("vat_code__code"),
        "vat_pence": F("vat_pence"),
        "net_pence": F("amount_pence") - F("vat_pence"),
        "received_on": F("received_on"),
        "effective_on": F("effective_on"),
        "period": Concat(
            Cast("period__year", CharField()),
            Value("-"),
            LPad(Cast("period__month", CharField()), 2, Value("0")),
        ),
        "narrative": Coalesce(NullIf(F("entry__narrative"), _NO_TEXT), F("fund__name")),
        "line_count": Value(1),
    }
)
_ALWAYS = frozenset({"amount_pence", "line_count"})
# What stands in a field that the layout does not use, or that differs between lines of a summary.
_EMPTY: Mapping[str, Any] = MappingProxyType(
    {"line_id": None, "received_on": None, "effective_on": None, "vat_pence": 0, "net_pence": 0}
)


class LedgerTotals(NamedTuple):
    """What the lines of a run come to in the ledger. Pence, money in above zero."""

    line_count: int
    net_pence: int
    through_line_id: int
    first_on: date | None
    last_on: date | None


def claim(run: ExportRun) -> int:
    """Take every line that no run of the feed holds, and say how many.

    Two runs can never take the same line: the key of ExportedLine refuses it.
    """
    held = ExportedLine.objects.filter(feed=run.feed, line_id=OuterRef("pk"))
    free = ledger.lines().filter(~Exists(held))
    if run.up_to_on is not None:
        free = free.filter(effective_on__lte=run.up_to_on)
    statement, params = free.order_by("pk").values("pk").query.sql_with_params()
    table = ExportedLine._meta.db_table  # noqa: SLF001 - Django's public name for it
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (feed, line_id, run_id) "  # noqa: S608 - names are ours
            f"SELECT %s, free.id, %s FROM ({statement}) AS free (id)",
            [run.feed, run.pk, *params],
        )
        taken_count = int(cursor.rowcount)
        if taken_count > _MANY:
            # Without statistics of the rows just added, the planner looks each line up by itself:
            # 20 s in place of 2 s for a million lines.
            cursor.execute(f"ANALYZE {table}")
    return taken_count


def totals(run: ExportRun) -> LedgerTotals:
    """The ledger's own figures for the lines a run holds."""
    found = _held(run).aggregate(
        line_count=Count("pk"),
        net_pence=Coalesce(Sum("amount_pence"), 0),
        through_line_id=Coalesce(Max("pk"), 0),
        first_on=Min("effective_on"),
        last_on=Max("effective_on"),
    )
    found["net_pence"] = int(found["net_pence"])
    return LedgerTotals(**found)


def release(run: ExportRun) -> int:
    """Give the lines of a run back, so that the next run takes them; says how many."""
    count, _ = ExportedLine.objects.filter(run=run).delete()
    return count


def stream(run: ExportRun, layout: Layout) -> Generator[Batch]:
    """The rows of a run at the layout's grain, as columns, a few thousand rows at a time.

    In the order of posting, or of the grouped fields. Must run inside a transaction. A cursor on
    the server costs a third of the time in this process that reading by COPY does.
    """
    names = _names(layout)
    statement, params = query(run, layout)
    with connection.cursor() as cursor:
        # All rows will be read. The default plans for the first tenth of them.
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(_FETCHED):
            fields = dict(zip(names, zip(*rows, strict=True), strict=True))
            if "entry_reference" in fields:
                fields["entry_reference"] = tuple(map(encode, fields["entry_reference"]))
            yield [
                fields.get(name) or (_EMPTY.get(name, ""),) * len(rows)
                for name in LedgerRow._fields
            ]


def query(run: ExportRun, layout: Layout) -> tuple[str, tuple[Any, ...]]:
    """The statement that `stream` runs, and its parameters."""
    statement, params = _rows(run, layout, _names(layout)).query.sql_with_params()
    return statement, tuple(params)


def _names(layout: Layout) -> list[str]:
    wanted = _wanted(layout)
    return [name for name in LedgerRow._fields if name in wanted]


def _held(run: ExportRun) -> QuerySet[Any]:
    ids = ExportedLine.objects.filter(run=run).values("line_id")
    held: QuerySet[Any] = ledger.lines().filter(pk__in=ids)
    return held


def _rows(run: ExportRun, layout: Layout, names: Sequence[str]) -> QuerySet[Any]:
    """A query of these fields of LedgerRow, in their order."""
    chosen = {name: _SOURCES[name] for name in names}
    if layout.grain is Grain.SUMMARY:
        chosen |= {name: Sum(_SOURCES[name]) for name in names if name in AMOUNT_SOURCES}
        chosen["line_count"] = Count("pk")
    # Annotations may not be called like fields of the model.
    named = {f"row_{name}": expression for name, expression in chosen.items()}
    order = list(named)
    rows: QuerySet[Any] = _held(run)
    if layout.grain is Grain.DETAIL:
        rows = rows.annotate(**named).order_by("pk").values_list(*order)
    else:
        grouped = [f"row_{name}" for name in layout.group_by]
        keys = {name: named.pop(name) for name in grouped}
        rows = rows.annotate(**keys).values(*grouped).annotate(**named).order_by(*grouped)
        rows = rows.values_list(*order)
    return rows


def _wanted(layout: Layout) -> frozenset[str]:
    sources = {column.source for column in layout.columns} | _ALWAYS
    if "ledger_code" in sources:
        sources.add("fund_ledger_code")
    sources.update(layout.group_by)
    if layout.contra is not None:
        sources.update(layout.contra.group_by)
    if layout.grain is Grain.DETAIL:
        sources |= {"line_id", "entry_reference"}  # an error names the receipt
    return frozenset(sources & set(LedgerRow._fields))
