"""Questions about what was done."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from ims_kernel.audit.models import OBJECT_LENGTH, AuditEvent


def history_of(
    kind: str, object_id: int | str, *, limit: int = 100, without: str = ""
) -> list[AuditEvent]:
    """What was done to one thing, newest first; `without` leaves out one act, such as its reads.

    The name of a thing is kept as far as its column is wide.
    """
    kept = str(object_id)[:OBJECT_LENGTH]
    found = AuditEvent.objects.filter(object_kind=kind, object_id=kept)
    if without:
        found = found.exclude(act=without)
    return list(found.order_by("-id")[:limit])


def last_acts() -> dict[tuple[int, str], datetime]:
    """When each person last did each act, by (person's id, act). One query."""
    rows = (
        AuditEvent.objects.exclude(actor_id=None)
        .order_by()
        .values_list("actor_id", "act")
        .annotate(at=Max("at"))
    )
    return {(actor_id, act): at for actor_id, act, at in rows}
