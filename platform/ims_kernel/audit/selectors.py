"""Questions about what was done."""

from __future__ import annotations

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
