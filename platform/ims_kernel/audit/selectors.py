"""Questions about what was done."""

from __future__ import annotations

from ims_kernel.audit.models import OBJECT_LENGTH, AuditEvent


def history_of(kind: str, object_id: int | str, *, limit: int = 100) -> list[AuditEvent]:
    """What was done to one thing, newest first. Its name is kept as far as the column is wide."""
    kept = str(object_id)[:OBJECT_LENGTH]
    return list(
        AuditEvent.objects.filter(object_kind=kind, object_id=kept).order_by("-id")[:limit]
    )
