"""What a new council costs, and a migration of hundreds of them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from ims_kernel import clock
from ims_kernel.scope import tenant_connection
from ims_tenants import migrating
from ims_tenants.schema_names import new_name
from ims_tenants.services import NewCouncil, create_council
from tests.councils import OPERATOR

_MIGRATIONS = "tests.ims_tenants.fleet.{}.migrations"


def new_council() -> float:
    """Seconds of all migrations in one schema over seconds to make a council ready to use."""
    schema = new_name()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
    migrated = _seconds(lambda: migrating._migrate_with_django(schema))
    made = [_seconds(lambda n=number: _council(n)) for number in range(5)]  # type: ignore[misc]
    sys.stdout.write(f"# migrations {migrated:.1f} s, a council {median(made):.2f} s\n")
    return migrated / median(made)


def migrate_noop_400_cost() -> float:
    """Seconds of a run over 400 councils (BENCH_COUNCILS) when nothing is to do."""
    number = int(os.environ.get("BENCH_COUNCILS", "400"))
    for one in range(number):
        _council(one)
    taken = median(_seconds(_migrate_all) for _ in range(3))
    sys.stdout.write(f"# {number} councils\n")
    return taken


def migrate_column_400() -> float:
    """django-tenants' seconds to add one column over ours, for the same 50 councils.

    50 and not 400, because theirs would take minutes; ours gains with more.
    """
    with _reports("one_column"):
        for one in range(50):
            _council(one)
        _migrate_all()
        _take_back("public", "zz_template", *_schemas())
        for schema in ("public", "zz_template"):
            migrating._migrate_with_django(schema)
        theirs = _seconds(lambda: call_command("migrate_schemas", tenant=True, verbosity=0))
        tenant_connection().set_schema_to_public()
        _take_back(*_schemas())
        ours = _seconds(_migrate_councils)
        _take_back("public", "zz_template", *_schemas())
        whole = _seconds(_migrate_all)
    sys.stdout.write(
        f"# 50 councils: django-tenants {theirs:.1f} s, ours {ours:.2f} s, and {whole:.1f} s with "
        "the public schema and the template, which go through Django\n"
    )
    return theirs / ours


@contextmanager
def _reports(name: str) -> Iterator[None]:
    """Give the app `reports`, which has no table, a migration; the template has it too."""
    with override_settings(MIGRATION_MODULES={"reports": _MIGRATIONS.format(name)}):
        for schema in ("public", "zz_template"):
            migrating._migrate_with_django(schema)
        yield


def _take_back(*schemas: str) -> None:
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(f"ALTER TABLE IF EXISTS {schema}.reports_probe DROP COLUMN note")
            cursor.execute(
                f"DELETE FROM {schema}.django_migrations WHERE app = 'reports' AND name <> %s",
                ["0001_probe"],
            )


def _schemas() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_name FROM public.ims_tenants_council")
        return [row[0] for row in cursor.fetchall()]


def _migrate_all() -> None:
    _refuse_failures(migrating.migrate_everything())


def _migrate_councils() -> None:
    report = migrating.migrate_councils()
    _refuse_failures(report)
    if not report.migrated:
        raise RuntimeError("Nothing was migrated.")


def _refuse_failures(report: migrating.FleetReport) -> None:
    if report.failed:
        raise RuntimeError(str(report.failed))


def _council(number: int) -> None:
    create_council(
        NewCouncil(f"Bench {number}", f"c{number}.bench.example"), actor=OPERATOR, at=clock.now()
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
