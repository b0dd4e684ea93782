"""The fleet migrator: touches only schemas that are behind, and leaves one that fails alone."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.scope import tenant_connection
from ims_tenants import migrating
from ims_tenants.current import enter
from ims_tenants.models import Council
from ims_tenants.schema_names import TEMPLATE
from ims_tenants.services import NewCouncil, create_council
from tests.councils import OPERATOR
from tests.ims_tenants.catalogue import catalogue

WithMigrations = Callable[[str], None]


@pytest.fixture
def with_migrations(settings: Settings, db: None) -> WithMigrations:
    """Give the app `reports` a set of migrations from tests/ims_tenants/fleet."""

    def use(name: str) -> None:
        settings.MIGRATION_MODULES = {"reports": f"tests.ims_tenants.fleet.{name}.migrations"}

    return use


@pytest.fixture
def django_runs(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Django's own migrating, still working, with its calls noted."""
    runs = Mock(side_effect=migrating._migrate_with_django)
    monkeypatch.setattr(migrating, "_migrate_with_django", runs)
    return runs


def recorded(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name FROM {schema}.django_migrations WHERE app = 'reports' ORDER BY name"
        )
        return [row[0] for row in cursor.fetchall()]


def poison(council: Council) -> None:
    with enter(council):
        assert Fund.objects.filter(code="CT").update(name="Poisoned") == 1


# --- nothing to do --------------------------------------------------------------------------------
def test_nothing_to_do_changes_nothing(
    northmoor: Council, eastshire: Council, django_runs: Mock
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = migrating.migrate_everything()
    assert report.current == 2
    assert report.migrated == []
    assert report.failed == {}
    assert django_runs.call_count == 0
    changing = ("INSERT", "UPDATE", "DELETE", "ALTER", "DROP", "CREATE TABLE")
    assert not [q["sql"] for q in queries if q["sql"].startswith(changing)]


def test_the_number_of_queries_does_not_grow_with_the_councils(
    northmoor: Council, eastshire: Council
) -> None:
    with CaptureQueriesContext(connection) as few:
        assert migrating.migrate_everything().current == 2
    for number in range(6):
        create_council(
            NewCouncil(f"Council {number}", f"c{number}.example"), actor=OPERATOR, at=clock.now()
        )
    with CaptureQueriesContext(connection) as more:
        assert migrating.migrate_everything().current == 8
    assert len(more) == len(few)


def test_a_closed_council_is_left_as_it_stands(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations
) -> None:
    Council.objects.filter(pk=eastshire.pk).update(state=Council.State.CLOSED)
    with_migrations("schema_only")
    assert migrating.migrate_everything().migrated == [northmoor.schema_name]
    assert recorded(eastshire.schema_name) == []


# --- a migration that only changes the schema -----------------------------------------------------
def test_a_change_of_schema_is_rendered_once_and_run_in_each(
    northmoor: Council,
    eastshire: Council,
    with_migrations: WithMigrations,
    django_runs: Mock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendering = Mock(side_effect=migrating._render)
    monkeypatch.setattr(migrating, "_render", rendering)
    with_migrations("schema_only")
    report = migrating.migrate_everything()
    assert sorted(report.migrated) == sorted([northmoor.schema_name, eastshire.schema_name])
    assert report.failed == {}
    assert rendering.call_count == 1
    assert [call.args[0] for call in django_runs.call_args_list] == ["public", TEMPLATE]
    made_by_django = catalogue(TEMPLATE)
    for council in (northmoor, eastshire):
        assert recorded(council.schema_name) == ["0001_probe", "0002_more"]
        assert catalogue(council.schema_name) == made_by_django
    assert migrating.migrate_everything().current == 2


def test_what_was_rendered_keeps_its_percent_signs_and_quotes(
    northmoor: Council, with_migrations: WithMigrations
) -> None:
    with_migrations("schema_only")
    migrating.migrate_everything()
    with enter(northmoor), connection.cursor() as cursor:
        cursor.execute("INSERT INTO reports_probe (name, note) VALUES ('50% off', 'it''s 5%')")
        with pytest.raises(DatabaseError, match=r"Probe \d+ stays; nothing"), transaction.atomic():
            cursor.execute("DELETE FROM reports_probe")


def test_a_council_that_missed_more_than_the_others_catches_up(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations
) -> None:
    with_migrations("schema_only")
    migrating.migrate_everything()
    with enter(eastshire), connection.cursor() as cursor:
        cursor.execute("DROP TABLE reports_probe; DROP FUNCTION probe_refuse()")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports'")
    report = migrating.migrate_everything()
    assert (report.current, report.migrated) == (1, [eastshire.schema_name])
    assert catalogue(eastshire.schema_name) == catalogue(northmoor.schema_name)


def test_a_council_that_cannot_take_the_change_is_named_and_left_as_it_was(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations
) -> None:
    with enter(northmoor), connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION probe_refuse() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    before = catalogue(northmoor.schema_name)
    with_migrations("schema_only")
    report = migrating.migrate_everything()
    assert report.migrated == [eastshire.schema_name]
    assert "probe_refuse" in report.failed.pop(northmoor.schema_name)
    assert report.failed == {}
    assert catalogue(northmoor.schema_name) == before
    assert recorded(northmoor.schema_name) == []
    assert tenant_connection().schema_name == "public"

    with enter(northmoor), connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION probe_refuse()")
    again = migrating.migrate_everything()
    assert (again.current, again.migrated, again.failed) == (1, [northmoor.schema_name], {})
    assert catalogue(northmoor.schema_name) == catalogue(TEMPLATE)


# --- a migration that runs Python -----------------------------------------------------------------
def test_a_migration_with_python_inside_goes_through_django(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations, django_runs: Mock
) -> None:
    with_migrations("with_python")
    report = migrating.migrate_everything()
    councils = sorted([northmoor.schema_name, eastshire.schema_name])
    assert sorted(report.migrated) == councils
    assert sorted(call.args[0] for call in django_runs.call_args_list) == sorted(
        ["public", TEMPLATE, *councils]
    )
    for council in (northmoor, eastshire):
        with enter(council):
            names = set(Fund.objects.values_list("name", flat=True))
        # Once: a second star would mean that it was run to see what it does.
        assert all(name.endswith(" *") and not name.endswith("* *") for name in names)


def test_python_that_fails_in_one_council_does_not_stop_the_others(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations
) -> None:
    poison(northmoor)
    with_migrations("failing")
    report = migrating.migrate_everything()
    assert report.migrated == [eastshire.schema_name]
    assert report.failed == {
        northmoor.schema_name: "The fund CT has a name this migration cannot handle."
    }
    with enter(northmoor):
        assert Fund.objects.filter(is_active=True).exists()
    assert recorded(northmoor.schema_name) == []
    assert tenant_connection().schema_name == "public"

    with enter(northmoor):
        Fund.objects.filter(code="CT").update(name="Council Tax")
    again = migrating.migrate_everything()
    assert (again.current, again.migrated, again.failed) == (1, [northmoor.schema_name], {})


def test_a_group_that_cannot_even_be_planned_is_named(
    northmoor: Council, eastshire: Council, with_migrations: WithMigrations
) -> None:
    """A history with a hole in it: an applied migration whose dependency is not applied."""
    with_migrations("schema_only")
    migrating.migrate_everything()
    with enter(northmoor), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'reports' AND name = '0001_probe'"
        )
    report = migrating.migrate_everything()
    assert report.current == 1
    assert "0001_probe" in report.failed[northmoor.schema_name]
    assert tenant_connection().schema_name == "public"
