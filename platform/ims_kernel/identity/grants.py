"""Giving and ending roles. Nobody gives what they do not hold, or changes what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ims_kernel import clock, locks
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import scopes, second_person, selectors
from ims_kernel.identity.errors import (
    GrantEnded,
    GrantNotFound,
    GrantRefused,
    LastManager,
    NeedsSecondPerson,
    NotYoursToGive,
    OwnGrants,
    PersonInOtherState,
)
from ims_kernel.identity.models import Grant, GrantRequest, Role, User
from ims_kernel.identity.states import State
from ims_kernel.identity.subset import lacking
from ims_kernel.permissions import Actor, registered

_MANAGE = selectors.MANAGE
_NAMED = 5


@dataclass(frozen=True, slots=True)
class GrantDraft:
    """A role to give: {dimension: [codes]} it is limited to, pence, and first and last day."""

    role_id: int
    starts_on: date
    ends_on: date | None = None
    scope: dict[str, list[str]] = field(default_factory=dict)
    limit_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What became of it: the grant, or the request that waits for a second person."""

    grant_id: int | None = None
    request_id: int | None = None


def hold_people() -> None:
    """One change of people at a time in a council: whether a manager is left depends on all."""
    locks.hold("people")


@contextmanager
def keeping_a_manager(at: datetime) -> Iterator[None]:
    """Around a change: refuses it when it leaves nobody who can manage people."""
    on = clock.day_of(at)
    before = selectors.has_manager(on)
    yield
    if before and not selectors.has_manager(on):
        raise LastManager(
            "Nobody would be left who can manage people. First give somebody else a role that can, "
            "everywhere and with no last day."
        )


def give(user_id: int, draft: GrantDraft, *, actor: Actor, at: datetime, reason: str = "") -> Given:
    """Give a person a role, or ask for a second person when the council's rule says so.

    Raises OwnGrants, NotYoursToGive, GrantRefused, PersonNotFound, RoleNotFound or
    PersonInOtherState (somebody who left is invited back first).
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        user = _other_person(user_id, actor)
        return give_checked(user, draft, actor=actor, at=at, reason=reason)


def give_checked(
    user: User, draft: GrantDraft, *, actor: Actor, at: datetime, reason: str = ""
) -> Given:
    """As `give`, for a caller that holds the lock and has checked the permission."""
    if user.state == State.LEFT:
        raise PersonInOtherState(f"{user.name} has left. Invite them back first.")
    role = selectors.get_role(draft.role_id)
    check(draft, role, actor)
    if _holds_already(user, draft):
        raise GrantRefused(f"{user.name} holds “{role.name}” this way already.", field="role")
    if second_person.needed(second_person.GRANT) and not actor.is_system:
        return Given(request_id=_ask(user, draft, actor, at, reason))
    return Given(grant_id=_write(user, draft, actor=actor, at=at, reason=reason).pk)


def check(draft: GrantDraft, role: Role, actor: Actor) -> None:
    """Raise GrantRefused or NotYoursToGive unless the actor may give this role this way."""
    if not role.is_active:
        raise GrantRefused(f"“{role.name}” is not in use. Choose another role.", field="role")
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise GrantRefused("The last day must be on or after the first day.", field="ends_on")
    if draft.limit_pence is not None and draft.limit_pence < 0:
        raise GrantRefused("Enter a limit of £0.00 or more, or leave it empty.", field="limit")
    _check_scope(draft.scope)
    (offered,) = selectors.holdings_of([(role.permissions, draft.scope, draft.limit_pence)])
    if role.permissions and not offered.permissions:
        raise GrantRefused(
            f"Nothing in “{role.name}” can be limited that way: all of it works on the whole "
            "council. Give it everywhere, or choose another role.",
            field="role",
        )
    missing = lacking(actor, offered)
    if missing:
        raise NotYoursToGive(
            f"You cannot give “{role.name}” this way, because you do not hold all of it this "
            f"widely yourself: {_listed(missing)}. Give a smaller role, fewer funds or a lower "
            "limit, or ask somebody who holds it.",
            role=role.name,
            field="role",
        )


def _listed(names: list[str]) -> str:
    words = registered()
    said = [f"“{words.get(name, name)}”" for name in names[:_NAMED]]
    more = len(names) - len(said)
    return ", ".join(said) + (f" and {more} more" if more else "")


def _check_scope(scope: dict[str, list[str]]) -> None:
    known = scopes.all_choices() if scope else {}
    for name, codes in scope.items():
        if not codes or name not in known or not set(codes) <= set(known[name]):
            raise GrantRefused(
                "Choose from what the council has, or choose everywhere.", field=f"scope-{name}"
            )


def _other_person(user_id: int, actor: Actor) -> User:
    if actor.user_id == user_id:
        raise OwnGrants("Nobody can change what they themselves may do. Ask another manager.")
    return selectors.get_person(user_id)


def _holds_already(user: User, draft: GrantDraft) -> bool:
    return Grant.objects.filter(
        user=user,
        role_id=draft.role_id,
        scope=_stored(draft.scope),
        limit_pence=draft.limit_pence,
        ends_on=draft.ends_on,
        ended_at=None,
    ).exists()


def _stored(scope: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: sorted(codes) for name, codes in sorted(scope.items())}


def _write(user: User, draft: GrantDraft, *, actor: Actor, at: datetime, reason: str) -> Grant:
    grant = Grant.objects.create(
        user=user,
        role_id=draft.role_id,
        scope=_stored(draft.scope),
        limit_pence=draft.limit_pence,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        granted_by_id=actor.user_id,
        granted_by=actor.name[:100],
        granted_at=at,
    )
    record(
        actor,
        "identity.grant",
        Subject("person", user.pk),
        at=at,
        reason=reason,
        grant=grant.pk,
        **_facts(draft),
    )
    return grant


def _facts(draft: GrantDraft) -> dict[str, Any]:
    return {
        "role": Role.objects.get(pk=draft.role_id).name,
        "scope": _stored(draft.scope),
        "limit_pence": draft.limit_pence,
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat() if draft.ends_on else None,
    }


def _ask(user: User, draft: GrantDraft, actor: Actor, at: datetime, reason: str) -> int:
    request = GrantRequest.objects.create(
        user=user,
        role_id=draft.role_id,
        scope=_stored(draft.scope),
        limit_pence=draft.limit_pence,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        reason=reason[:500],
        proposed_by_id=actor.user_id,
        proposed_by=actor.name[:100],
        proposed_at=at,
    )
    subject = Subject("person", user.pk)
    record(actor, "identity.propose_grant", subject, at=at, reason=reason, **_facts(draft))
    return int(request.pk)


def end(grant_id: int, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take a role away from now on; it stays in the person's history.

    Raises OwnGrants, GrantNotFound, GrantEnded (also when two managers end it at once) or
    LastManager.
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        grant = selectors.get_grant(grant_id)
        _other_person(grant.user_id, actor)
        if grant.ended_at is not None:
            raise GrantEnded(
                f"{grant.ended_by or 'Somebody'} already ended this while you had the page open."
            )
        with keeping_a_manager(at):
            end_all([grant], actor=actor, at=at)
        record(
            actor,
            "identity.end_grant",
            Subject("person", grant.user_id),
            at=at,
            reason=reason,
            grant=grant.pk,
            role=grant.role.name,
        )


def end_all(found: list[Grant], *, actor: Actor, at: datetime) -> None:
    """Mark grants as ended. The caller holds the lock and writes the audit."""
    Grant.objects.filter(pk__in=[grant.pk for grant in found], ended_at=None).update(
        ended_at=at, ended_by=actor.name[:100]
    )


def decide(request_id: int, *, approve: bool, actor: Actor, at: datetime, reason: str = "") -> None:
    """Approve or refuse a role that waits for a second person.

    Whoever proposed it may not approve it, nor the person it is about; whoever proposed it may
    take it back, which is refusing it. Raises NeedsSecondPerson, OwnGrants, NotYoursToGive,
    GrantNotFound or GrantEnded.
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        request = GrantRequest.objects.select_related("role", "user").filter(pk=request_id).first()
        if request is None:
            raise GrantNotFound("This council has no such request.", request=request_id)
        user = _other_person(request.user_id, actor)
        if request.state != GrantRequest.State.WAITING:
            raise GrantEnded(f"{request.decided_by} has already decided this.")
        if approve:
            _approve(request, user, actor, at)
        request.state = GrantRequest.State.APPROVED if approve else GrantRequest.State.REFUSED
        request.decided_by_id, request.decided_by = actor.user_id, actor.name[:100]
        request.decided_at = at
        request.save(update_fields=["state", "decided_by_id", "decided_by", "decided_at"])
        if not approve:
            record(
                actor,
                "identity.refuse_grant",
                Subject("person", user.pk),
                at=at,
                reason=reason,
                role=request.role.name,
            )


def _approve(request: GrantRequest, user: User, actor: Actor, at: datetime) -> None:
    if actor.user_id is None or actor.user_id == request.proposed_by_id:
        raise NeedsSecondPerson("You proposed this, so somebody else must approve it.")
    if user.state == State.LEFT:
        raise PersonInOtherState(f"{user.name} has left. Refuse this request.")
    draft = GrantDraft(
        request.role_id, request.starts_on, request.ends_on, request.scope, request.limit_pence
    )
    check(draft, request.role, actor)
    _write(user, draft, actor=actor, at=at, reason=request.reason)
