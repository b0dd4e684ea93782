"""Questions about settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Value

from ims_kernel.audit.selectors import history_of
from ims_kernel.records.errors import RecordNotFound
from ims_kernel.records.fields import Link, Links, Rows, Values
from ims_kernel.records.kinds import ONLY, Kind, get_kind
from ims_kernel.records.models import ProposedChange
from ims_kernel.records.states import State
from ims_kernel.records.storing import digest_of, read_values
from ims_kernel.records.uses import Use, uses_of

if TYPE_CHECKING:
    from ims_kernel.audit.models import AuditEvent

IN_USE, RETIRED, ALL = "in_use", "retired", "all"


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `digest` goes into a form, so that a change made meanwhile is noticed."""

    kind: Kind
    key: str
    title: str
    values: Values
    is_active: bool
    digest: str
    instance: Any


def find(kind: Kind, text: str = "", state: str = IN_USE) -> QuerySet[Any]:
    """The records whose key or title has the text, by key."""
    rows = kind.model._default_manager.order_by(kind.key)  # noqa: SLF001 - Django documents it
    if state != ALL:
        rows = rows.filter(is_active=state == IN_USE)
    if text.strip():
        wanted = Q(**{f"{kind.key}__icontains": text.strip()})
        if kind.title in kind.by_name:
            wanted |= Q(**{f"{kind.title}__icontains": text.strip()})
        rows = rows.filter(wanted)
    return _with_links(kind, rows)


def _with_links(kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with what they link to and hold, so that a page of them costs the same few queries."""
    columns = {column.name: column for column in kind.model._meta.get_fields()}  # noqa: SLF001
    for each in kind.fields:
        column = columns.get(each.name)
        related = column is not None and column.is_relation
        if related and isinstance(each, Link):
            rows = rows.select_related(each.name)
        elif related and isinstance(each, (Links, Rows)):
            rows = rows.prefetch_related(each.name)
    return rows


def get(kind: Kind, key: str) -> Record:
    """One record. Raises RecordNotFound."""
    return record_of(kind, instance_of(kind, key))


def instance_of(kind: Kind, key: str, *, lock: bool = False) -> Any:
    """The object behind a record. A kind with one record makes it when first asked for.

    Raises RecordNotFound.
    """
    manager = kind.model._default_manager  # noqa: SLF001
    rows = manager.select_for_update() if lock else manager.all()
    if kind.single:
        return rows.filter(pk=1).first() or kind.model(pk=1)
    found: Any = rows.filter(**{kind.key: key}).first() if "\0" not in key else None
    if found is None:
        raise RecordNotFound(
            f"There is no {kind.singular} “{key[:40]}”. Go back to the list of {kind.plural}.",
            kind=kind.slug,
        )
    return found


def record_of(kind: Kind, instance: Any) -> Record:
    """A model's object as a record."""
    values = read_values(kind, instance)
    active = bool(getattr(instance, "is_active", True))
    key = ONLY if kind.single else str(getattr(instance, kind.key))
    digest = digest_of({**values, "is_active": active})
    return Record(kind, key, kind.name_of(values), values, active, digest, instance)


def options(slug: str, *, kept: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The records in use as (key, words), for a list to choose from; and those `kept`."""
    kind = get_kind(slug)
    rows = kind.model._default_manager.filter(  # noqa: SLF001
        Q(is_active=True) | Q(**{f"{kind.key}__in": kept})
    ).order_by(kind.key)
    names = [kind.key, *([kind.title] if kind.title in kind.by_name else [])]
    found = rows.values_list(*dict.fromkeys(names))
    return [(str(row[0]), " ".join(str(part) for part in row)) for row in found]


def where_used(record: Record) -> list[Use]:
    """What uses the record."""
    return uses_of(record.kind, record.instance) if not record.kind.single else []


def history(record: Record) -> list[AuditEvent]:
    """What was done to the record, newest first."""
    return history_of(record.kind.slug, record.key)


def counts(kind: Kind) -> tuple[int, int]:
    """(in use, retired). One query."""
    if kind.single:
        return 1, 0
    found = kind.model._default_manager.aggregate(  # noqa: SLF001
        used=Count("pk", filter=Q(is_active=True)), retired=Count("pk", filter=Q(is_active=False))
    )
    return found["used"], found["retired"]


def are_in_use(wanted: Sequence[tuple[Kind, Q]]) -> list[bool]:
    """For each kind and condition, whether a record in use meets it. One query for all."""
    parts = [
        kind.model._default_manager.filter(where, is_active=True)  # noqa: SLF001
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", flat=True)[:1]
        for place, (kind, where) in enumerate(wanted)
    ]
    found = set(parts[0].union(*parts[1:], all=True)) if parts else set()
    return [place in found for place in range(len(wanted))]


def waiting_changes() -> list[ProposedChange]:
    """Changes that wait for a second person, oldest first."""
    return list(ProposedChange.objects.filter(state=State.WAITING).order_by("id"))


def find_change(change_id: int) -> ProposedChange | None:
    """A proposed change, or None."""
    return ProposedChange.objects.filter(pk=change_id).first()


def export_all(kind: Kind) -> list[Values]:
    """Every record's values by key, for a configuration file. `is_active` only when it is False."""
    if kind.single:
        return [record_of(kind, instance_of(kind, ONLY)).values]
    found = []
    for instance in find(kind, state=ALL):
        record = record_of(kind, instance)
        found.append(record.values if record.is_active else {**record.values, "is_active": False})
    return found
