"""The ledger's chain of sealed blocks: what of an entry and its lines is sealed."""

from __future__ import annotations

from datetime import datetime

from ims.ledger.models import Block
from ims_kernel.sealing import chain

# One digest for each entry over everything it and its lines say. JSON keeps fields apart.
DIGESTS = """
SELECT e.id, sha256(convert_to(jsonb_build_array(
         e.id, e.kind, e.received_on, extract(epoch from e.posted_at), e.line_count, e.total_pence,
         e.actor_name, e.narrative, e.idempotency_key, e.corrects_id,
         (SELECT jsonb_agg(jsonb_build_array(l.position, l.fund_id, l.method_id, l.vat_code_id,
                   l.period_id, l.account_reference, l.amount_pence, l.vat_basis_points,
                   l.vat_pence, l.received_on, l.effective_on, extract(epoch from l.posted_at))
                   ORDER BY l.position)
          FROM ledger_line l WHERE l.entry_id = e.id))::text, 'UTF8')), e.line_count
FROM ledger_entry e WHERE e.id > %s AND e.id <= %s ORDER BY e.id LIMIT %s
"""

CHAIN = chain.Chain(
    name="ledger",
    table="ledger_entry",
    digests=DIGESTS,
    blocks=Block,
    lock="seal",
    size_field="line_count",
)


def seal(*, at: datetime, patience: float = 5.0) -> int:
    """Seal every entry posted so far in the council at hand; returns how many were sealed.

    Leaves the rest for the next time when a transaction stays open longer than `patience` seconds.
    Must not be called inside a transaction.
    """
    return chain.seal(CHAIN, at=at, patience=patience)
