"""What the modules of this package hand one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ims_config.localgovims.dump import Dump
from ims_config.localgovims.report import Report
from ims_kernel.records.fields import Values


@dataclass(frozen=True, slots=True)
class Work:
    """One conversion: the dump, the report being filled, and the two days that matter."""

    dump: Dump
    report: Report
    vat_from: date
    today: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may go into the file: its kind, and the table and key it is from."""

    slug: str
    values: Values
    table: str
    key: str
    is_active: bool = True


def code_from(name: str, taken: set[str], *, longest: int, fallback: str, between: str = "") -> str:
    """A code out of a name: capitals and digits, none twice; it is added to `taken`."""
    plain = re.sub(r"[^A-Z0-9]+", between or "", name.upper()).strip(between or None)
    start = plain[:longest].strip(between or None) or fallback
    code, number = start, 2
    while code in taken:
        end = f"{between}{number}"
        code, number = start[: longest - len(end)] + end, number + 1
    taken.add(code)
    return code


def say_of_stand_ins(work: Work, table: str, *, what: str, codes: list[str]) -> None:
    """Say which rows have no ledger code of their own, in one note: it is often all of them."""
    if codes:
        work.report.change(
            table, "", f"these have no {what}, and their own code stands in for one: "
            f"{', '.join(codes)}.",
        )  # fmt: skip
