"""What a writer is given for each line of the ledger, and what the file says about the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple


class LedgerRow(NamedTuple):
    """One ledger line, or in a summary the sum of several.

    `amount_pence` is signed: above zero is money in. `net_pence + vat_pence = amount_pence`.
    `line_count` is the number of ledger lines behind the row. In a summary every field that is not
    grouped by is empty.
    """

    line_id: int | None
    entry_reference: str
    kind: str
    fund_code: str
    fund_ledger_code: str
    method_code: str
    method_ledger_code: str
    account_reference: str
    amount_pence: int
    vat_code: str
    vat_pence: int
    net_pence: int
    received_on: date | None
    effective_on: date | None
    period: str
    narrative: str
    line_count: int = 1


# The fields of some rows, one sequence for each field and in the same order: a file is written a
# column at a time, and a million tuples need not be made in between.
Batch = Sequence[Sequence[Any]]
_BATCH = 2_000


def in_batches(rows: Iterable[LedgerRow]) -> Iterator[Batch]:
    """The rows turned by a right angle, some at a time."""
    remaining = iter(rows)
    while some := list(islice(remaining, _BATCH)):
        yield list(zip(*some, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known before the first row is written: the ledger's own figures for the run."""

    council: str
    run_reference: str
    created_on: date
    line_count: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a file adds up to, the same whether writing it or reading it back.

    `record_count` counts every record between header and trailer, contra records too.
    `debit_pence` and `credit_pence` are never negative and cover all records. `net_pence` is money
    in less money out over the records that are not contras; `contra_pence` the same over those
    that are. `hash_total` is described in docs/reference/export-layouts.md.
    """

    record_count: int = 0
    contra_count: int = 0
    debit_pence: int = 0
    credit_pence: int = 0
    net_pence: int = 0
    contra_pence: int = 0
    hash_total: int = 0
