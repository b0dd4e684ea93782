"""Recording an act, in the transaction that makes the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ims_kernel import origin
from ims_kernel.audit.models import OBJECT_LENGTH, AuditEvent
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

    `facts` must be JSON and must not hold personal data. Two of them have columns of their own:
    `before` and `after`, mappings of the fields that changed; of a secret only the word `changed`.
    Call it inside the change's transaction, so that neither exists without the other. Where it came
    from is known (ims_kernel.origin).
    """
    before, after = facts.pop("before", None), facts.pop("after", None)
    here, behalf = origin.current(), actor.on_behalf_of
    AuditEvent.objects.create(
        at=at,
        actor_name=actor.name[:100],
        actor_id=actor.user_id,
        behalf_name=behalf.name[:100] if behalf else "",
        behalf_id=behalf.user_id if behalf else None,
        act=act,
        object_kind=subject.kind,
        object_id=str(subject.id)[:OBJECT_LENGTH],
        facts=facts,
        before=before,
        after=after,
        reason=reason[:500],
        source=here.source[:40],
        request_id=here.request_id,
        address=here.address,
    )


def record_read(
    actor: Actor, subject: Subject, *, at: datetime, act: str = "", **facts: Any
) -> None:
    """Write that somebody looked at something sensitive, or took a copy of it away. One insert.

    `act` is `<kind>.read` unless it is said: a file taken away is `<kind>.download`.
    """
    record(actor, act or f"{subject.kind}.read", subject, at=at, **facts)
