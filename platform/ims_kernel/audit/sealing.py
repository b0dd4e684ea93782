"""The audit trail's chain of sealed blocks: what of an event is sealed, and its proof."""

from __future__ import annotations

from datetime import datetime, timedelta

from ims_kernel.audit.models import AuditBlock, AuditEvent
from ims_kernel.sealing import chain, proof

# One digest for each event over everything it says. JSON keeps the fields apart.
DIGESTS = """
SELECT e.id, sha256(convert_to(jsonb_build_array(
         e.id, extract(epoch from e.at), e.actor_name, e.actor_id, e.behalf_name, e.behalf_id,
         e.act, e.object_kind, e.object_id, e.facts, e.before, e.after, e.reason, e.source,
         e.request_id, host(e.address))::text, 'UTF8')), 0
FROM audit_auditevent e WHERE e.id > %s AND e.id <= %s ORDER BY e.id LIMIT %s
"""

CHAIN = chain.Chain(
    name="audit",
    table="audit_auditevent",
    digests=DIGESTS,
    blocks=AuditBlock,
    lock="seal_audit",
)
# Somebody is always looking at something: a block a minute would be mostly heads.
EVERY = timedelta(minutes=5)


def seal(*, at: datetime, patience: float = 5.0) -> int:
    """Seal every event recorded so far in the schema at hand; returns how many were sealed.

    Leaves the rest for the next time when a transaction stays open longer than `patience` seconds.
    Must not be called inside a transaction.
    """
    return chain.seal(CHAIN, at=at, patience=patience)


def is_due(at: datetime) -> bool:
    """Whether something is not sealed and the newest block is not of the last minutes."""
    last = chain.newest(CHAIN)
    return (last is None or at - last.sealed_at >= EVERY) and chain.has_unsealed(CHAIN)


def prove() -> proof.Proof:
    """The proof of the audit trail of the schema at hand."""
    return proof.prove(CHAIN, "The audit trail is whole", name=row_name)


def row_name(event_id: int) -> str:
    """What an event is called in an answer: by what it says, where it is still there."""
    found = AuditEvent.objects.filter(pk=event_id).first()
    return f"audit event {event_id}" + (f" ({found.act}, {found.actor_name})" if found else "")
