"""The demo through two real councils: once, again, and the morning after."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from ims.exports import selectors as exports
from ims.imports import selectors as imports
from ims.suspense import selectors as suspense
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.eastshire import EASTSHIRE
from ims_config.demo.northmoor import NORTHMOOR
from ims_config.demo.report import CouncilReport
from ims_config.demo.run import run_council
from ims_config.demo.setting_up import OPERATORS, ensure_operators
from ims_kernel import clock
from ims_kernel.identity.selectors import actor_for, find_user, list_users
from ims_tenants.current import enter, public
from ims_tenants.models import Council, Domain

pytestmark = pytest.mark.committed
RECEIPTS, LINES = 600, 1_180


@pytest.fixture
def demo_councils(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[DemoCouncil, DemoCouncil]]:
    """Both demo councils under names of the test's own, dropped afterwards."""
    mark = secrets.token_hex(3)
    both = [
        replace(c, name=f"{c.name} {mark}", host=f"{c.short_name}-{mark}.example")
        for c in (NORTHMOOR, EASTSHIRE)
    ]
    with django_db_blocker.unblock():
        try:
            yield both[0], both[1]
        finally:
            for wanted in both:
                drop(wanted.host)


def drop(host: str) -> None:
    with public(), transaction.atomic(), connection.cursor() as cursor:
        domain = Domain.objects.filter(domain=host).select_related("tenant").first()
        if domain is not None:
            cursor.execute(f"DROP SCHEMA {domain.tenant.schema_name} CASCADE")
            Domain.objects.filter(tenant=domain.tenant).delete()
            Council.objects.filter(pk=domain.tenant.pk).delete()


def council_of(wanted: DemoCouncil) -> Council:
    with public():
        council: Council = Domain.objects.select_related("tenant").get(domain=wanted.host).tenant
    return council


def start(wanted: DemoCouncil, folder: Path, *, days_later: int = 0) -> CouncilReport:
    today = clock.today() + timedelta(days=days_later)
    return run_council(wanted, folder, today, receipts=RECEIPTS, lines=LINES)


def test_from_nothing_again_and_the_morning_after(
    demo_councils: tuple[DemoCouncil, DemoCouncil], tmp_path: Path
) -> None:
    district, unitary = demo_councils
    first = {c.host: start(c, tmp_path / c.short_name) for c in demo_councils}
    for report in first.values():
        assert report.agrees, report
        assert report.received.lines == LINES
        assert 86 <= 100 * report.posted.lines // LINES <= 95
        assert report.parked.lines > 50
        assert all(Path(path).is_file() for path in report.files)
    assert first[district.host].rejected == (0, 0)
    assert first[unitary.host].rejected.lines == 3

    # Again: nothing twice.
    for wanted in demo_councils:
        assert start(wanted, tmp_path / wanted.short_name) == first[wanted.host]

    # The morning after, in one council: the other stays as it was.
    later = start(district, tmp_path / district.short_name, days_later=1)
    assert later.agrees
    assert later.statement != first[district.host].statement
    assert len(later.files) == len(first[district.host].files) + 1
    assert start(unitary, tmp_path / unitary.short_name) == first[unitary.host]
    with enter(council_of(district)):
        assert imports.imports().count() == 2
        assert exports.runs().count() == 3
        assert exports.waiting().line_count == 0


def test_each_council_is_made_as_its_starter_says(
    demo_councils: tuple[DemoCouncil, DemoCouncil], tmp_path: Path
) -> None:
    for wanted in demo_councils:
        start(wanted, tmp_path / wanted.short_name)
        council = council_of(wanted)
        assert (council.state, council.accent_colour) == ("live", wanted.accent_colour)
        with enter(council):
            people = {user.email: actor_for(user) for user in list_users()}
            assert set(people) == {person.email for person in wanted.people}
            officer, manager, auditor = (people[person.email] for person in wanted.people)
            reasons = {item.reason_code for item in suspense.open_items()}
        assert officer.may("imports.post")
        assert not officer.may("ledger.reverse")
        assert manager.may("ledger.reverse")
        assert {name.rsplit(".", 1)[1] for name in auditor.permissions} == {"view"}
        assert not manager.may("councils.view")
        assert {"no_rule", "account_not_found", "account_not_valid", "fund_closed"} <= reasons


@pytest.mark.django_db
def test_the_operator_sees_councils_and_belongs_to_none() -> None:
    ensure_operators()
    ensure_operators()
    with public():
        user = find_user(OPERATORS[0].email)
        assert user is not None
        assert actor_for(user).permissions == {"councils.view"}
