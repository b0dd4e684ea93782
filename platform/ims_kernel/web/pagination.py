"""Keyset paging: the next page starts after the last row seen, however long the list is.

An offset makes the database read and throw away every earlier row, and shows a row twice when a
new one arrives in between. The cursor is the sort key of the last row, in the open: it holds a
date and a number the person has already seen, and the query behind it is limited to their council.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import DateField, DateTimeField, F, IntegerField, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

MAX_SIZE = 100
AFTER = "after"
BEFORE = "before"

_LONGEST = 300

M = TypeVar("M", bound=Model)
Key = tuple[date | datetime | int | str, int]


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page of rows, and the query strings of its neighbours (empty at an end)."""

    rows: list[M]
    previous_query: str
    next_query: str


def paginate(
    rows: QuerySet[M],
    query: Mapping[str, str],
    *,
    by: str,
    size: int = 50,
    oldest_first: bool = False,
) -> Page[M]:
    """One page of `rows`, newest `by` first and then by id, at one database query.

    `oldest_first` turns the order round.

    `query` is request.GET: filters in it are kept in the links, `after` or `before` say where the
    page starts, and a cursor that cannot be read means the first page. Raises ValueError when
    `size` is not 1 to 100.
    """
    if not 1 <= size <= MAX_SIZE:
        raise ValueError(f"A page holds 1 to {MAX_SIZE} rows, not {size}.")
    before = _start(rows, by, query.get(BEFORE, ""))
    after = None if before else _start(rows, by, query.get(AFTER, ""))
    rising = oldest_first != bool(before)
    found = list(_slice(rows, by, start=before or after, rising=rising)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if before:
        found.reverse()
    if not found:
        # Also the way back from a cursor with nothing behind it: straight to the first page.
        first = with_query(query, **{AFTER: None, BEFORE: None})
        return Page([], first if before or after else "", "")
    has_previous = more if before else after is not None
    has_next = True if before else more
    return Page(
        found,
        _link(query, BEFORE, _key(found[0], by)) if has_previous else "",
        _link(query, AFTER, _key(found[-1], by)) if has_next else "",
    )


def in_chunks(rows: QuerySet[M], *, by: str, size: int) -> Iterator[list[M]]:
    """Every row in the order of `paginate`, `size` at a time, at one query a chunk.

    For downloads: no cursor of the database stays open while somebody's browser reads slowly.
    """
    after: Key | None = None
    while found := list(_slice(rows, by, start=after, rising=False)[:size]):
        yield found
        if len(found) < size:
            return
        after = _key(found[-1], by)


def with_query(query: Mapping[str, Any], **changes: str | None) -> str:
    """The query string `?a=1&b=2` of `query` with some values changed, or left out when None.

    Several values of one name are kept when `query` is Django's QueryDict.
    """
    values: dict[str, Sequence[str]] = {
        name: query.getlist(name) if hasattr(query, "getlist") else [query[name]] for name in query
    }
    for name, value in changes.items():
        values[name] = [] if value is None else [value]
    kept = [(name, value) for name, several in values.items() for value in several if value != ""]
    return f"?{urlencode(kept)}"


def write_cursor(key: Key) -> str:
    """The key of a row as text for an address."""
    place, identity = key
    if isinstance(place, datetime):
        kind, shown = "t", place.isoformat()
    elif isinstance(place, date):
        kind, shown = "d", place.isoformat()
    else:
        kind, shown = ("i" if isinstance(place, int) else "s"), str(place)
    packed = json.dumps([kind, shown, identity], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Key | None:
    """The key behind `write_cursor`, or None when the text is empty or not one of ours."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        kind, shown, identity = json.loads(packed)
        if type(identity) is not int or not -(2**63) <= identity < 2**63:
            return None
        return _READERS[kind](shown), identity
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None


def _number(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _text(text: str) -> str:
    if not isinstance(text, str) or "\0" in text:
        raise ValueError(text)
    return text


_READERS: Mapping[str, Any] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "i": _number,
    "s": _text,
}


def _start(rows: QuerySet[M], by: str, text: str) -> Key | None:
    """The place in `text`, or None when it is not of the kind that these rows are sorted by.

    A cursor of another list, or one that somebody wrote, must not reach the database.
    """
    key = read_cursor(text)
    if key is None:
        return None
    place, field = key[0], rows.model._meta.get_field(by)  # noqa: SLF001 - Django documents it
    if isinstance(field, DateTimeField):
        fits = isinstance(place, datetime) and place.tzinfo is not None
    elif isinstance(field, DateField):
        fits = isinstance(place, date) and not isinstance(place, datetime)
    else:
        fits = isinstance(place, int if isinstance(field, IntegerField) else str)
    return key if fits else None


def _slice(rows: QuerySet[M], by: str, *, start: Key | None, rising: bool) -> QuerySet[M]:
    if start:
        # Compared as a pair, (a, b) < (x, y), so that PostgreSQL walks the index on both columns.
        columns = Tuple(F(by), F("pk"))
        beyond = TupleGreaterThan if rising else TupleLessThan
        rows = rows.filter(beyond(columns, start))
    sign = "" if rising else "-"
    return rows.order_by(f"{sign}{by}", f"{sign}pk")


def _key(row: Model, by: str) -> Key:
    return getattr(row, by), row.pk


def _link(query: Mapping[str, Any], name: str, key: Key) -> str:
    other = BEFORE if name == AFTER else AFTER
    return with_query(query, **{name: write_cursor(key), other: None})
