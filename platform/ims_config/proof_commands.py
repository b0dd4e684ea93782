"""`ims verify` and `ims reanchor`: proving the books and the audit trail."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ims.exports import verify as exports_verify
from ims.imports import verify as imports_verify
from ims.ledger import sealing as ledger_sealing
from ims.ledger import verify as ledger_verify
from ims.suspense import verify as suspense_verify
from ims_config.commands import DOES_NOT_AGREE, OK, Answer
from ims_kernel import clock
from ims_kernel.audit import sealing as audit_sealing
from ims_kernel.audit.services import Subject, record
from ims_kernel.errors import NotFound
from ims_kernel.identity.permissions import system
from ims_kernel.scope import scope_id
from ims_kernel.sealing.proof import Proof, restart_anchor
from ims_tenants import lifecycle
from ims_tenants.current import enter, public
from ims_tenants.selectors import get_council, list_councils

if TYPE_CHECKING:
    from ims_tenants.models import Council

PUBLIC = "public"


def proofs_of(council: Council) -> list[Proof]:
    """Every proof of a council's books and of its audit trail."""
    with enter(council):
        return [
            *ledger_verify.prove(),
            *suspense_verify.prove(),
            *imports_verify.prove(),
            *exports_verify.prove(),
            audit_sealing.prove(),
        ]


def verify(args: Namespace) -> Answer:
    """`ims verify COUNCIL|public|--all`: balance, chains, control totals; names the first bad row.

    `public` is the operators' own audit trail; `--all` includes it.
    """
    if not args.all and not args.council:
        raise NotFound("Name a council, or say --all.")
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    for name, proofs in _chosen(args):
        lines.append(name)
        for proof in proofs:
            verdict = proof.problem or "holds"
            lines.append(f"  {proof.what:<45}{proof.checked:>10,}  {verdict}")
            data.append(
                {
                    "council": name,
                    "proof": proof.what,
                    "checked": proof.checked,
                    "problem": proof.problem,
                }
            )
    wrong = sum(bool(each["problem"]) for each in data)
    return Answer({"proofs": data, "problems": wrong}, lines, DOES_NOT_AGREE if wrong else OK)


def _chosen(args: Namespace) -> list[tuple[str, list[Proof]]]:
    if not args.all and args.council != PUBLIC:
        council = get_council(args.council)
        return [] if council.state == lifecycle.DRAFT else [(council.name, proofs_of(council))]
    found = [
        (council.name, proofs_of(council))
        for council in (list_councils() if args.all else [])
        if council.state != lifecycle.DRAFT
    ]
    with public():
        return [*found, (PUBLIC, [audit_sealing.prove()])]


def reanchor(args: Namespace) -> Answer:
    """`ims reanchor COUNCIL --reason WORDS`: take a restored council's chains as they now end.

    Raises ChainBroken when a chain itself does not hold: that is no matter of where it ends.
    """
    council, at = get_council(args.council), clock.now()
    with enter(council), transaction.atomic():
        heads = {
            "ledger": restart_anchor(
                ledger_sealing.CHAIN, name=ledger_verify.row_name, at=at
            ).number,
            "audit": restart_anchor(audit_sealing.CHAIN, name=audit_sealing.row_name, at=at).number,
        }
        about = Subject("council", scope_id())
        for place in (enter(council), public()):
            with place:
                record(
                    system("ims reanchor"), "councils.reanchor", about, at=at, reason=args.reason,
                    blocks=heads,
                )  # fmt: skip
    words = [f"{name}: goes on after block {number}" for name, number in heads.items()]
    return Answer({"council": council.name, "blocks": heads}, [council.name, *words])
