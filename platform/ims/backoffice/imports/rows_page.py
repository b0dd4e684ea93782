"""The lines of an import, a page at a time, by their number in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ims_kernel.web.pagination import AFTER, BEFORE, Page, with_query

if TYPE_CHECKING:
    from ims.imports.models import ImportRow

_MOST_DIGITS = 9


def rows_page(
    rows: QuerySet[ImportRow], query: Mapping[str, str], *, size: int = 50
) -> Page[ImportRow]:
    """One page of rows in the order of the file, in one query.

    `after` and `before` in `query` are row numbers; anything else means the first page.
    """
    before = _number(query.get(BEFORE, ""))
    after = None if before is not None else _number(query.get(AFTER, ""))
    if before is not None:
        found = list(rows.filter(row_number__lt=before).order_by("-row_number")[: size + 1])
    elif after is not None:
        found = list(rows.filter(row_number__gt=after).order_by("row_number")[: size + 1])
    else:
        found = list(rows.order_by("row_number")[: size + 1])
    more = len(found) > size
    found = found[:size]
    if before is not None:
        found.reverse()
    if not found:
        first = with_query(query, **{AFTER: None, BEFORE: None})
        return Page([], first if before is not None or after is not None else "", "")
    has_previous = more if before is not None else after is not None
    has_next = True if before is not None else more
    return Page(
        found,
        _link(query, BEFORE, found[0].row_number) if has_previous else "",
        _link(query, AFTER, found[-1].row_number) if has_next else "",
    )


def _number(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if whole else None


def _link(query: Mapping[str, str], name: str, number: int) -> str:
    other = BEFORE if name == AFTER else AFTER
    return with_query(query, **{name: str(number), other: None})
