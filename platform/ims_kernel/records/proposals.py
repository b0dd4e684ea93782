"""Changes a second person must approve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import second_person
from ims_kernel.identity.permissions import Actor
from ims_kernel.records.errors import OwnChange, RecordNotFound
from ims_kernel.records.fields import Values
from ims_kernel.records.kinds import Kind, get_kind
from ims_kernel.records.models import ProposedChange
from ims_kernel.records.states import Act, State, after

if TYPE_CHECKING:
    from ims_kernel.records.services import Asked

Needed = Callable[[str, bool], bool]


class Proposal(NamedTuple):
    """What is asked for, and what it would change."""

    act: Act
    key: str
    given: Values
    before: Values
    after: Values


def act_of(kind: Kind) -> str:
    """The name of changing this kind among the acts that may need a second person."""
    return f"settings.{kind.slug}"


def needed(kind: Kind) -> bool:
    """Whether the council wants a second person for this kind of change."""
    return second_person.needed(act_of(kind), default=kind.second_person)


def propose(kind: Kind, title: str, proposal: Proposal, *, asked: Asked) -> int:
    """Keep a change until somebody else approves it. Called by services, in its transaction."""
    change = ProposedChange.objects.create(
        kind_slug=kind.slug,
        key=proposal.key,
        title=title[:200],
        act=proposal.act,
        given=proposal.given,
        before=proposal.before,
        after=proposal.after,
        seen=asked.seen,
        reason=asked.reason[:500],
        proposed_by_id=asked.actor.user_id,
        proposed_by=asked.actor.name[:100],
        proposed_at=asked.at,
    )
    record(
        asked.actor,
        "settings.propose",
        Subject(kind.slug, proposal.key or title),
        at=asked.at,
        reason=asked.reason,
        before=proposal.before,
        after=proposal.after,
        change=change.pk,
    )
    return change.pk


def is_repeated() -> bool:
    """Whether the newest proposal asks for what another one that waits asks for already."""
    newest = ProposedChange.objects.order_by("-id").first()
    return (
        newest is not None
        and ProposedChange.objects.filter(
            state=State.WAITING,
            kind_slug=newest.kind_slug,
            key=newest.key,
            act=newest.act,
            before=newest.before,
            after=newest.after,
        )
        .exclude(pk=newest.pk)
        .exists()
    )


def values_of(change: ProposedChange) -> Values:
    """The values that were asked for."""
    given: Values = change.given.reveal()
    return given


def decide(
    change_id: int, event: str, *, actor: Actor, at: datetime, reason: str
) -> tuple[ProposedChange, Kind]:
    """Move a proposed change on. Raises RecordNotFound, OwnChange, ChangeDecided or NotAllowed."""
    change = ProposedChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise RecordNotFound("There is no such proposed change.")
    kind = get_kind(change.kind_slug)
    actor.require(kind.change)
    own = change.proposed_by_id is not None and change.proposed_by_id == actor.user_id
    if event == "approve" and own:
        raise OwnChange(
            "You proposed this change, so somebody else must approve it. You can take it back."
        )
    change.state = after(change.state, event)
    change.decided_by, change.decided_at = actor.name[:100], at
    change.decision_reason = reason[:500]
    change.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    record(
        actor,
        f"settings.{event}",
        Subject(kind.slug, change.key or change.title),
        at=at,
        reason=reason,
        change=change.pk,
    )
    return change, kind
