"""The two councils of every test, and councils made for one test that really commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import public
from ims_tenants.models import Council, Domain
from ims_tenants.services import NewCouncil, create_council, take_step

STARTERS = Path(__file__).parent / "samples" / "starters"
OPERATOR = system("Operator")
NORTHMOOR_HOST, EASTSHIRE_HOST = "northmoor.example", "eastshire.example"


def make_council(name: str, host: str, starter: str) -> Council:
    """A council from a small starter pack of tests/samples/starters."""
    pack = (STARTERS / f"{starter}.toml").read_bytes()
    return create_council(NewCouncil(name, host, starter=pack), actor=OPERATOR, at=clock.now())


def move(council: Council, step: str) -> Council:
    """Move a council on in its life, as platform staff do."""
    return take_step(council, step, actor=OPERATOR, at=clock.now())


def make_standing_councils() -> None:
    """Northmoor and Eastshire, as they stand in the template of every test database."""
    make_council("Northmoor District Council", NORTHMOOR_HOST, "district")
    make_council("Eastshire Council", EASTSHIRE_HOST, "unitary")


def standing_council(host: str) -> Council:
    """One of the two by its host."""
    with public():
        council: Council = Domain.objects.select_related("tenant").get(domain=host).tenant
    return council


@contextmanager
def fresh_council(starter: str = "district") -> Iterator[Council]:
    """A council of its own that really commits, dropped afterwards with all it holds."""
    mark = secrets.token_hex(4)
    council = make_council(f"Test {mark}", f"t-{mark}.example", starter)
    try:
        yield council
    finally:
        drop(council)


def drop(council: Council) -> None:
    """Take a council away with all it holds."""
    with public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {council.schema_name} CASCADE")
        Domain.objects.filter(tenant=council).delete()
        Council.objects.filter(pk=council.pk).delete()
