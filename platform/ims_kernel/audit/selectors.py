"""Questions about what was done."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from ims_kernel.audit.models import AuditEvent


def history_of(kind: str, object_id: int | str, *, limit: int = 100) -> list[AuditEvent]:
    """What was done to one thing, newest first."""
    return list(
        AuditEvent.objects.filter(object_kind=kind, object_id=str(object_id)).order_by("-id")[
            :limit
        ]
    )


def last_acts() -> dict[tuple[int, str], datetime]:
    """When each person last did each act, by (person's id, act). One query."""
    rows = (
        AuditEvent.objects.exclude(actor_id=None)
        .order_by()
        .values_list("actor_id", "act")
        .annotate(at=Max("at"))
    )
    return {(actor_id, act): at for actor_id, act, at in rows}
