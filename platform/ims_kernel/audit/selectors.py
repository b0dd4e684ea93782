"""Questions about what was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from django.db.models import Max, Q, QuerySet

from ims_kernel.audit.acts import LOOK
from ims_kernel.audit.errors import EventNotFound, TooManyEvents
from ims_kernel.audit.models import OBJECT_LENGTH, AuditEvent
from ims_kernel.clock import LONDON
from ims_kernel.web.pagination import in_chunks

DOWNLOADED = 100_000
_CHUNK = 2_000


class Looks(StrEnum):
    """Whether events that only looked at something are wanted."""

    LEFT_OUT = ""
    TOO = "too"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for. Empty parts ask for nothing; the others must all hold.

    `act` is one act, or the beginning of several with its dot, such as `suspense.`. Days are those
    of London, the last one included. `text` is looked for in reasons, `person` in the names of who
    acted and for whom.
    """

    person: str = ""
    act: str = ""
    kind: str = ""
    object_id: str = ""
    first_on: date | None = None
    last_on: date | None = None
    text: str = ""
    looks: Looks = Looks.LEFT_OUT


def history_of(kind: str, object_id: int | str, *, limit: int = 100) -> list[AuditEvent]:
    """What was done to one thing, newest first. Who only looked at it is left out.

    The name of a thing is kept as far as its column is wide.
    """
    kept = str(object_id)[:OBJECT_LENGTH]
    return list(
        AuditEvent.objects.filter(object_kind=kind, object_id=kept)
        .exclude(act__endswith=LOOK)
        .order_by("-id")[:limit]
    )


def last_acts() -> dict[tuple[int, str, str], datetime]:
    """When each person last did each act, by (person's id, act, kind of thing). One query."""
    rows = (
        AuditEvent.objects.exclude(actor_id=None)
        .order_by()
        .values_list("actor_id", "act", "object_kind")
        .annotate(at=Max("at"))
    )
    return {(actor_id, act, kind): at for actor_id, act, kind, at in rows}


def find(wanted: Wanted) -> QuerySet[AuditEvent]:
    """The events that match, for `paginate(by="at")`."""
    rows = AuditEvent.objects.filter(_what(wanted), _when(wanted))
    if wanted.person:
        named = Q(actor_name__icontains=wanted.person) | Q(behalf_name__icontains=wanted.person)
        rows = rows.filter(named)
    if wanted.text:
        rows = rows.filter(reason__icontains=wanted.text)
    return rows


def _what(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.act.endswith("."):
        asked &= Q(act__startswith=wanted.act)
    elif wanted.act:
        asked &= Q(act=wanted.act)
    if wanted.kind:
        asked &= Q(object_kind=wanted.kind)
    if wanted.object_id:
        asked &= Q(object_id=wanted.object_id)
    if wanted.looks is Looks.ONLY:
        asked &= Q(act__endswith=LOOK)
    elif wanted.looks is Looks.LEFT_OUT:
        asked &= ~Q(act__endswith=LOOK)
    return asked


def _when(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.first_on:
        asked &= Q(at__gte=datetime.combine(wanted.first_on, time.min, LONDON))
    if wanted.last_on:
        asked &= Q(at__lte=datetime.combine(wanted.last_on, time.max, LONDON))
    return asked


def get_event(event_id: int) -> AuditEvent:
    """One event. Raises EventNotFound."""
    found = AuditEvent.objects.filter(pk=event_id).first()
    if found is None:
        raise EventNotFound("There is no event with this number in the audit trail.")
    return found


def check_download(rows: QuerySet[AuditEvent]) -> int:
    """How many events a download of these holds. Raises TooManyEvents."""
    found = rows.order_by()[: DOWNLOADED + 1].count()
    if found > DOWNLOADED:
        raise TooManyEvents(
            f"This would be more than {DOWNLOADED:,} events. Choose a shorter time, a person or "
            "one kind of act, and download again."
        )
    return found


def download(rows: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """Every event of `rows`, newest first, read some thousands at a time: memory stays flat."""
    for events in in_chunks(rows, by="at", size=_CHUNK):
        yield from events
