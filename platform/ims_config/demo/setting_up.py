"""Makes the demo's councils and people where they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ims_config import starters
from ims_config.demo.councils import PASSWORD, DemoCouncil, Person
from ims_kernel.identity.permissions import system
from ims_kernel.identity.selectors import find_user
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_kernel.records import services as records
from ims_kernel.records.kinds import ONLY, get_kind
from ims_tenants import current, selectors, services

if TYPE_CHECKING:
    from ims_tenants.models import Council

DEMO = system("ims demo")
OPERATOR = RolePreset("Operator", "Runs the service for every council", ("councils.view",))
OPERATORS = (Person("tom@ims.example", "Tom Bancroft", OPERATOR.name),)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can sign in where. The password opens nothing but invented figures."""

    host: str
    email: str
    password: str
    role: str


def ensure_council(wanted: DemoCouncil, *, at: datetime) -> Council:
    """The council, made from its starter pack and set live when it is not there yet."""
    council = selectors.find_by_host(wanted.host)
    if council is None:
        new = services.NewCouncil(
            name=wanted.name,
            host=wanted.host,
            accent_colour=wanted.accent_colour,
            starter=starters.load(wanted.starter),
        )
        made = services.create_council(new, actor=DEMO, at=at)
        council = services.take_step(made, "go_live", actor=DEMO, at=at)
        with current.enter(council):
            _leave_second_factor_open(at)
    with current.enter(council):
        _ensure_people(wanted.people)
    return council


def _leave_second_factor_open(at: datetime) -> None:
    """Whoever tries the demo comes in with a password alone; the printed sign-ins say so."""
    asked = records.Asked(actor=DEMO, at=at, reason="Made for the demo")
    records.save(get_kind("sign-in"), ONLY, {"second_factor": "optional"}, asked=asked)


def ensure_operators() -> None:
    """The platform's own people, in the public schema."""
    with current.public():
        ensure_roles([OPERATOR])
        _ensure_people(OPERATORS)


def _ensure_people(people: Sequence[Person]) -> None:
    for person in people:
        if find_user(person.email) is None:
            create_user(
                email=person.email, name=person.name, password=PASSWORD, roles=[person.role]
            )


def sign_ins(councils: Sequence[DemoCouncil], *, public_host: str) -> list[SignIn]:
    """Every sign-in of the demo, the platform's first."""
    found = [SignIn(public_host, p.email, PASSWORD, p.role) for p in OPERATORS]
    for council in councils:
        found += [SignIn(council.host, p.email, PASSWORD, p.role) for p in council.people]
    return found
