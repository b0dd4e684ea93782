"""Joiners, leavers and the dormant: a person's life in one council."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from ims_kernel import clock
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity import grants, invitations, selectors
from ims_kernel.identity.errors import EmailTaken, OwnGrants, PersonDetailsRefused
from ims_kernel.identity.grants import GrantDraft, hold_people, keeping_a_manager
from ims_kernel.identity.models import Grant, GrantRequest, PeopleSettings, User
from ims_kernel.identity.states import Event, State, after
from ims_kernel.permissions import Actor, system

_MANAGE = selectors.MANAGE
_LONGEST_NAME = 100
MOST_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody to invite, and the roles they are to have."""

    email: str
    name: str
    office_code: str = ""
    grants: Sequence[GrantDraft] = ()


@dataclass(frozen=True, slots=True)
class Invited:
    """The person, and the secret part of the link. It is known only now."""

    user_id: int
    token: str
    expires_at: datetime
    waiting: int  # roles that wait for a second person


def invite(joiner: Joiner, *, actor: Actor, at: datetime) -> Invited:
    """Make a person who can sign in once they have opened the link and chosen a password.

    Raises EmailTaken, PersonDetailsRefused, or what grants.give raises; then nobody is made.
    """
    actor.require(_MANAGE)
    address, name = _address(joiner.email), _name(joiner.name)
    with transaction.atomic():
        hold_people()
        if User.objects.filter(email=address).exists():
            raise EmailTaken(
                f"There is already a person with the address {address}. If they left, invite them "
                "back on their own page.",
                field="email",
            )
        user = User.objects.create(
            email=address,
            name=name,
            office_code=joiner.office_code,
            password=make_password(None),
            state=State.INVITED.value,
            is_active=False,
        )
        record(actor, "identity.invite", Subject("person", user.pk), at=at)
        given = [grants.give_checked(user, draft, actor=actor, at=at) for draft in joiner.grants]
        return _invited(user, actor, at, waiting=sum(g.request_id is not None for g in given))


def invite_again(user_id: int, *, actor: Actor, at: datetime) -> Invited:
    """A new link for somebody invited; the old one no longer works. Raises PersonInOtherState."""
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        user = _locked(user_id)
        after(user.state, Event.ACCEPT)
        record(actor, "identity.invite_again", Subject("person", user.pk), at=at)
        return _invited(user, actor, at)


def _invited(user: User, actor: Actor, at: datetime, *, waiting: int = 0) -> Invited:
    days = selectors.people_settings().invitation_days
    token, expires_at = invitations.make(user, actor=actor, at=at, days=days)
    return Invited(user.pk, token, expires_at, waiting)


def accept(token: str, password: str, *, at: datetime) -> User:
    """Set the password of the person a link belongs to, once.

    Raises InvitationRefused, or PasswordRefused and then the link still works.
    """
    with transaction.atomic():
        hold_people()
        invitation = invitations.read(token, at=at)
        user = _locked(invitation.user_id)
        state = after(user.state, Event.ACCEPT)
        invitations.check_password(password, user)
        user.password = make_password(password)
        user.joined_at = at
        user.failed_sign_ins, user.locked_until_at = 0, None
        _move(user, state)
        invitation.used_at = at
        invitation.save(update_fields=["used_at"])
        himself = Actor(name=user.name, user_id=user.pk)
        record(himself, "identity.accept_invitation", Subject("person", user.pk), at=at)
    return user


def leave(user_id: int, *, actor: Actor, at: datetime, reason: str) -> None:
    """End a person's sessions, roles and requests. Everything they did stays.

    Raises OwnGrants, PersonNotFound, PersonInOtherState or LastManager.
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        user = _other(user_id, actor)
        state = after(user.state, Event.LEAVE)
        held = list(Grant.objects.filter(user=user, ended_at=None).select_related("role"))
        with keeping_a_manager(at):
            grants.end_all(held, actor=actor, at=at)
            # Another password digest: every session made under the old one ends with it.
            user.password = make_password(None)
            _move(user, state)
        GrantRequest.objects.filter(user=user, state=GrantRequest.State.WAITING).update(
            state=GrantRequest.State.REFUSED, decided_by=actor.name[:100], decided_at=at
        )
        invitations.withdraw(user, at=at)
        record(
            actor,
            "identity.leave",
            Subject("person", user.pk),
            at=at,
            reason=reason,
            roles=sorted(grant.role.name for grant in held),
        )


def rejoin(user_id: int, *, actor: Actor, at: datetime) -> Invited:
    """Invite somebody who left back, without any role: what they held is given again on purpose.

    Raises PersonNotFound or PersonInOtherState.
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        user = _other(user_id, actor)
        _move(user, after(user.state, Event.REJOIN))
        record(actor, "identity.rejoin", Subject("person", user.pk), at=at)
        return _invited(user, actor, at)


def reactivate(user_id: int, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let somebody dormant sign in again; their days are counted from now.

    Raises OwnGrants, PersonNotFound or PersonInOtherState.
    """
    actor.require(_MANAGE)
    with transaction.atomic():
        hold_people()
        user = _other(user_id, actor)
        state = after(user.state, Event.REACTIVATE)
        user.joined_at = at
        _move(user, state)
        record(actor, "identity.reactivate", Subject("person", user.pk), at=at, reason=reason)


def change_details(
    user_id: int, *, name: str, office_code: str, actor: Actor, at: datetime
) -> None:
    """Change a person's name or office. Raises PersonDetailsRefused or PersonNotFound."""
    actor.require(_MANAGE)
    with transaction.atomic():
        user = _locked(user_id)
        wanted = {"name": _name(name), "office_code": office_code}
        changed = [each for each, value in wanted.items() if getattr(user, each) != value]
        for each in changed:
            setattr(user, each, wanted[each])
        if changed:
            user.save(update_fields=changed)
            # Which fields, not what they say: a name is personal data.
            subject = Subject("person", user.pk)
            record(actor, "identity.change_details", subject, at=at, changed=changed)


def signed_in(user: User, *, at: datetime) -> None:
    """Note that a person has just signed in. Called by sign-in, whatever way it was."""
    user.last_signed_in_at = at
    user.save(update_fields=["last_signed_in_at"])


def sleeps(user: User, *, at: datetime) -> bool:
    """Make a person dormant who has not signed in for the council's limit; whether they are.

    Called at each attempt to sign in, before the password counts, so that no job is needed for it.
    """
    if user.state == State.DORMANT:
        return True
    return user.state == State.ACTIVE and user.pk in _put_to_sleep(at, user.pk)


def make_dormant(*, at: datetime) -> int:
    """Make everyone dormant who has not signed in for the council's limit; returns how many."""
    return len(_put_to_sleep(at))


def overdue(*, at: datetime) -> bool:
    """Whether the job has somebody to make dormant."""
    on = clock.day_of(at)
    found = list(_overdue(at).values_list("pk", flat=True)[:2])
    return len(found) > 1 or any(not _is_last_manager(each, on) for each in found)


def _overdue(at: datetime) -> QuerySet[User]:
    limit = at - timedelta(days=selectors.people_settings().dormant_after_days)
    # Whichever is later: somebody let back in has days to sign in again. PostgreSQL's GREATEST
    # leaves out what is empty; whoever has neither was made before this was kept.
    seen = Greatest(F("last_signed_in_at"), F("joined_at"))
    return User.objects.annotate(seen=seen).filter(seen__lt=limit, state=State.ACTIVE)


def _put_to_sleep(at: datetime, user_id: int | None = None) -> list[int]:
    found = _overdue(at).order_by("pk")
    if user_id is not None:
        found = found.filter(pk=user_id)
    if not found.exists():
        return []
    slept = []
    with transaction.atomic():
        hold_people()
        for user in found.select_for_update(of=("self",)):
            if _is_last_manager(user.pk, clock.day_of(at)):
                continue
            _move(user, after(user.state, Event.SLEEP))
            slept.append(user.pk)
            record(system("dormant people"), "identity.dormant", Subject("person", user.pk), at=at)
    return slept


def _is_last_manager(user_id: int, on: date) -> bool:
    """The last who can manage people is let be: a council must not lock itself out by waiting."""
    return selectors.has_manager(on) and not selectors.has_manager(on, without=user_id)


def save_settings(
    *, dormant_after_days: int, invitation_days: int, actor: Actor, at: datetime
) -> bool:
    """Set the council's limits in days; returns whether anything changed."""
    actor.require(_MANAGE)
    if not (1 <= dormant_after_days <= MOST_DAYS and 1 <= invitation_days <= MOST_DAYS):
        raise PersonDetailsRefused(f"Enter a number of days from 1 to {MOST_DAYS:,}.")
    with transaction.atomic():
        kept, _ = PeopleSettings.objects.select_for_update().get_or_create(pk=1)
        wanted = {"dormant_after_days": dormant_after_days, "invitation_days": invitation_days}
        before = {name: getattr(kept, name) for name in wanted}
        if before == wanted:
            return False
        for name, value in wanted.items():
            setattr(kept, name, value)
        kept.save()
        subject = Subject("people_settings", 1)
        record(actor, "identity.people_settings", subject, at=at, before=before, after=wanted)
    return True


def _move(user: User, state: State) -> None:
    user.state = state.value
    user.is_active = state is State.ACTIVE
    user.save()


def _locked(user_id: int) -> User:
    selectors.get_person(user_id)
    return User.objects.select_for_update().get(pk=user_id)


def _other(user_id: int, actor: Actor) -> User:
    if actor.user_id == user_id:
        raise OwnGrants("Nobody can do this to their own account. Ask another manager.")
    return _locked(user_id)


def _address(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise PersonDetailsRefused(
            "Enter an email address like name@example.gov.uk.", field="email"
        ) from None
    return address


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise PersonDetailsRefused(
            f"Enter the person’s name, with {_LONGEST_NAME} characters at most.", field="name"
        )
    return name
