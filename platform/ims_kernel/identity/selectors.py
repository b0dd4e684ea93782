"""Questions about people, roles and grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ims_kernel import clock
from ims_kernel.identity import scopes
from ims_kernel.identity.errors import GrantNotFound, PersonNotFound, RoleNotFound
from ims_kernel.identity.models import Grant, GrantRequest, Invitation, PeopleSettings, Role, User
from ims_kernel.permissions import Actor, Holding, given

MANAGE = "people.manage"


def current(on: date) -> Q:
    """Grants that hold on a day."""
    return (
        Q(ended_at=None)
        & Q(starts_on__lte=on)
        & (Q(ends_on=None) | Q(ends_on__gte=on))
        & Q(role__is_active=True)
    )


def actor_for(user: User) -> Actor:
    """The person as an actor, with all they hold today.

    One query, and one more for each dimension of scope that limits them.
    """
    rows = Grant.objects.filter(current(clock.today()), user_id=user.pk).values_list(
        "role__permissions", "scope", "limit_pence"
    )
    holdings = holdings_of(rows)
    everything = frozenset[str]().union(*(holding.permissions for holding in holdings))
    return Actor(name=user.name, user_id=user.pk, permissions=everything, holdings=tuple(holdings))


def holdings_of(
    rows: Iterable[tuple[Sequence[str], Mapping[str, Sequence[str]], int | None]],
) -> list[Holding]:
    """What grants give, from their (permissions, scope, limit in pence)."""
    found = list(rows)
    facts = scopes.resolve([scope for _, scope, _ in found])
    return [
        Holding(
            permissions=given(permissions, about),
            facts=about,
            limit_pence=limit,
            scope={name: frozenset(codes) for name, codes in scope.items()},
        )
        for (permissions, scope, limit), about in zip(found, facts, strict=True)
    ]


def list_users() -> list[User]:
    """Everyone who can sign in to this council, by name."""
    return list(User.objects.filter(is_active=True).order_by("name"))


def find_user(email: str) -> User | None:
    """The person with this address, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def people(*, text: str = "", state: str = "") -> QuerySet[User]:
    """People whose name or address has the text, in one state or all, with their grants now."""
    found = User.objects.all()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if state:
        found = found.filter(state=state)
    held = Grant.objects.filter(ended_at=None).select_related("role").order_by("role__name", "id")
    return found.prefetch_related(Prefetch("grants", held, to_attr="held"))


def counts_by_state() -> dict[str, int]:
    """How many people are in each state. One query."""
    rows = User.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def get_person(user_id: int) -> User:
    """The person. Raises PersonNotFound."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise PersonNotFound("This council has no such person.", user=user_id)
    return user


def grants_of(user_id: int) -> list[Grant]:
    """All grants a person has or had, those that are not ended first, with their roles."""
    found = Grant.objects.filter(user_id=user_id).select_related("role").order_by("-id")
    return sorted(found, key=lambda grant: grant.ended_at is not None)


def get_grant(grant_id: int) -> Grant:
    """The grant with its role and person. Raises GrantNotFound."""
    grant = Grant.objects.select_related("role", "user").filter(pk=grant_id).first()
    if grant is None:
        raise GrantNotFound("This council has no such grant of a role.", grant=grant_id)
    return grant


def waiting_requests(user_id: int | None = None) -> list[GrantRequest]:
    """Roles that wait for a second person, oldest first, for one person or all."""
    found = GrantRequest.objects.filter(state=GrantRequest.State.WAITING)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    return list(found.select_related("role", "user").order_by("id"))


def get_request(request_id: int) -> GrantRequest:
    """The request for a role with its role and person. Raises GrantNotFound."""
    found = GrantRequest.objects.select_related("role", "user").filter(pk=request_id).first()
    if found is None:
        raise GrantNotFound("This council has no such request for a role.", request=request_id)
    return found


def open_invitation(user_id: int, *, at: datetime) -> Invitation | None:
    """The invitation a person can still accept, or None."""
    return (
        Invitation.objects.filter(user_id=user_id, used_at=None, expires_at__gt=at)
        .order_by("-id")
        .first()
    )


def roles() -> list[Role]:
    """Every role by name, in use first, each with how many people hold it as `holders`."""
    held = Count("grants__user", filter=Q(grants__ended_at=None), distinct=True)
    return list(Role.objects.annotate(holders=held).order_by("-is_active", "name"))


def get_role(role_id: int) -> Role:
    """The role. Raises RoleNotFound."""
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise RoleNotFound("This council has no such role.", role=role_id)
    return role


def holders_of(role_id: int) -> list[Grant]:
    """Grants of a role that are not ended, with their people, by name."""
    found = Grant.objects.filter(role_id=role_id, ended_at=None).select_related("user")
    return list(found.order_by("user__name", "id"))


def people_settings() -> PeopleSettings:
    """The council's rules about people, or those it starts with."""
    return PeopleSettings.objects.filter(pk=1).first() or PeopleSettings()


def has_manager(on: date, *, without: int | None = None) -> bool:
    """Whether somebody (else than `without`) who can sign in may manage people and goes on to."""
    found = Grant.objects.filter(
        current(on),
        user__is_active=True,
        ends_on=None,
        scope={},
        role__permissions__contains=[MANAGE],
    )
    # Somebody with a last day will be gone then, and does not count.
    return found.exclude(user_id=without or 0).exists()


@dataclass(frozen=True, slots=True)
class Held:
    """One permission one person holds now: by which role, where, and up to how many pence."""

    permission: str
    user: User
    grant: Grant


def all_held(on: date) -> list[Held]:
    """Every permission everybody holds on a day, by person. Fixed number of queries."""
    rows = list(
        Grant.objects.filter(current(on))
        .exclude(user__state="left")
        .select_related("user", "role")
        .order_by("user__name", "user_id", "role__name", "id")
    )
    holdings = holdings_of([(row.role.permissions, row.scope, row.limit_pence) for row in rows])
    return [
        Held(name, row.user, row)
        for row, holding in zip(rows, holdings, strict=True)
        for name in sorted(holding.permissions)
    ]
