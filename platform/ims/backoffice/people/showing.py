"""People, roles and grants in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ims_kernel import clock
from ims_kernel.audit.acts import words
from ims_kernel.identity import scopes
from ims_kernel.identity.states import LABELS, State
from ims_kernel.money import format_pounds
from ims_kernel.web.dates import format_date, format_instant, format_short_date

if TYPE_CHECKING:
    from ims_kernel.identity.models import Grant, GrantRequest, User

COLOURS: Mapping[str, str] = MappingProxyType(
    {State.INVITED: "blue", State.ACTIVE: "green", State.DORMANT: "yellow", State.LEFT: "grey"}
)

Row = dict[str, str]


def tag(user: User) -> tuple[str, str]:
    """The state of a person and its colour."""
    return LABELS[State(user.state)], COLOURS[user.state]


def limit(pence: int | None) -> str:
    """`Up to £500.00`, or `No limit`."""
    return "No limit" if pence is None else f"Up to {format_pounds(pence)}"


def days(starts_on: date, ends_on: date | None) -> str:
    """From when, and until when if there is a last day."""
    first = format_short_date(starts_on)
    return f"{first} to {format_short_date(ends_on)}" if ends_on else f"From {first}"


def row(grant: Grant, names: Mapping[str, Mapping[str, str]], *, may_manage: bool) -> Row:
    """One grant in the words of a table."""
    can_end = may_manage and grant.ended_at is None
    return _row(grant, names) | {
        "when": _when(grant),
        "href": reverse("grant_end", args=[grant.pk]) if can_end else "",
    }


def request_row(
    found: GrantRequest, names: Mapping[str, Mapping[str, str]], *, may_manage: bool
) -> Row:
    """One request for a role in the words of a table."""
    return _row(found, names) | {
        "when": f"Asked for by {found.proposed_by}",
        "href": reverse("grant_request", args=[found.pk]) if may_manage else "",
    }


def _row(given: Grant | GrantRequest, names: Mapping[str, Mapping[str, str]]) -> Row:
    return {
        "role": given.role.name,
        "role_href": reverse("role", args=[given.role_id]),
        "scope": scopes.in_words(given.scope, names),
        "limit": limit(given.limit_pence),
        "days": days(given.starts_on, given.ends_on),
    }


def _when(grant: Grant) -> str:
    if grant.ended_at is not None:
        return f"Ended {format_short_date(clock.day_of(grant.ended_at))} by {grant.ended_by}"
    if grant.ends_on is not None and grant.ends_on < clock.today():
        return "Over"
    return f"Given by {grant.granted_by}"


def facts(user: User) -> list[dict[str, str]]:
    """What is known of a person."""
    seen = format_instant(user.last_signed_in_at) if user.last_signed_in_at else "Never"
    joined = format_date(clock.day_of(user.joined_at)) if user.joined_at else "Not known"
    return [
        {"key": "Email address", "text": user.email},
        {"key": "Office", "text": user.office_code or "None"},
        {"key": "Joined", "text": joined if user.state != State.INVITED else "Not yet"},
        {"key": "Last signed in", "text": seen},
    ]


def history(events: Sequence[Any], names: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Audit events of a person or role, for the history macro."""
    return [
        {
            "title": _title(event),
            "at": event.at,
            "by": event.actor_name,
            "text": " ".join(part for part in (_detail(event.facts, names), event.reason) if part),
        }
        for event in events
    ]


def _title(event: Any) -> str:
    role = event.facts.get("role")
    said = words(event.act)
    return f"{said}: {role}" if role else said


def _detail(given: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> str:
    if "limit_pence" not in given:
        roles = given.get("roles")
        return f"Roles ended: {', '.join(roles)}." if roles else ""
    return f"{scopes.in_words(given.get('scope') or {}, names)}. {limit(given['limit_pence'])}."
