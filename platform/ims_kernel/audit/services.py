"""Recording an act, in the transaction that makes the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from ims_kernel.audit.models import AuditEvent
from ims_kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was done to, such as ("import", 12)."""

    kind: str
    id: int | str


def record(
    actor: Actor, act: str, subject: Subject, *, at: datetime, reason: str = "", **facts: Any
) -> None:
    """Write one audit row. `act` is dotted: app, then verb, such as `import.post`.

    `facts` must be JSON and must not hold personal data. Call it inside the change's transaction,
    so that neither exists without the other.
    """
    context = structlog.contextvars.get_contextvars()
    AuditEvent.objects.create(
        at=at,
        actor_name=actor.name[:100],
        actor_id=actor.user_id,
        act=act,
        object_kind=subject.kind,
        object_id=str(subject.id),
        facts=facts,
        reason=reason[:500],
        request_id=str(context.get("request_id", "")),
    )
