"""Questions about what was done."""

from __future__ import annotations

from ims_kernel.audit.models import AuditEvent


def history_of(kind: str, object_id: int | str, *, limit: int = 100) -> list[AuditEvent]:
    """What was done to one thing, newest first."""
    return list(
        AuditEvent.objects.filter(object_kind=kind, object_id=str(object_id)).order_by("-id")[
            :limit
        ]
    )
