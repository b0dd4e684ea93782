"""The sample dump, and copies of it with a table changed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from ims_config.localgovims.converting import Converted, convert
from ims_kernel.records.fields import Values

SAMPLE = Path(__file__).parents[2] / "samples" / "localgovims"
TODAY, VAT_FROM = date(2026, 11, 24), date(2011, 1, 4)


def copy_of(folder: Path, **tables: str | bytes) -> Path:
    """A copy of the sample with these tables written anew; empty text takes one away."""
    copied = folder / "dump"
    shutil.copytree(SAMPLE, copied)
    for name, text in tables.items():
        path = copied / f"{name}.csv"
        if not text:
            path.unlink()
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return copied


def converted(folder: Path = SAMPLE) -> Converted:
    """The settings of a dump, as on a fixed day."""
    return convert(folder, vat_from=VAT_FROM, today=TODAY)


def by_code(found: Converted, slug: str) -> dict[str, Values]:
    """The records of one kind by code."""
    return {values["code"]: values for values in found.tables[slug]}


def left(found: Converted, table: str, key: str) -> str:
    """What the report says was not carried of a row, as one text."""
    return " ".join(n.words for n in found.report.left if (n.table, n.key) == (table, key))


def changed(found: Converted, table: str, key: str) -> str:
    """What the report says is otherwise for a row, as one text."""
    return " ".join(n.words for n in found.report.otherwise if (n.table, n.key) == (table, key))
