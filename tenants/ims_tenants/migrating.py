"""Brings the public schema, the template and every council up to date, touching only those behind.

One query says which schemas are behind. A migration that only changes the schema is rendered to
SQL once for all councils that miss the same ones, and run in each in a transaction of its own; one
that runs Python goes through Django's executor, council by council.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration, RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from ims_kernel.scope import tenant_connection
from ims_tenants.current import public
from ims_tenants.models import Council
from ims_tenants.schema_names import TEMPLATE

log = structlog.get_logger(__name__)

Names = frozenset[tuple[str, str]]


@dataclass(slots=True)
class FleetReport:
    """What one run did. `failed` maps a schema to the reason it was left behind."""

    current: int = 0
    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderedMigration:
    """One migration as the SQL it runs."""

    app: str
    name: str
    sql: str


def migrate_everything() -> FleetReport:
    """Migrate public, then the template, then every council that is behind. Safe to run again.

    A council that fails is left as it was, is named in the report and does not stop the others.
    """
    with public():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {TEMPLATE}")
        for schema in ("public", TEMPLATE):
            if not _is_current(schema):
                _migrate_with_django(schema)
        return migrate_councils()


def migrate_councils() -> FleetReport:
    """Migrate every council that is behind the template."""
    schemas = Council.objects.exclude(state=Council.State.CLOSED).values_list(
        "schema_name", flat=True
    )
    applied = _applied([TEMPLATE, *schemas])
    wanted = applied.pop(TEMPLATE)
    report = FleetReport()
    behind: dict[Names, list[str]] = defaultdict(list)
    for schema, names in applied.items():
        if names >= wanted:
            report.current += 1
        else:
            behind[wanted - names].append(schema)
    for missing, group in behind.items():
        _migrate_group(missing, group, report)
    return report


def _is_current(schema: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{schema}.django_migrations"])
        if cursor.fetchone()[0] is None:
            return False
    on_disk = set(MigrationExecutor(connection).loader.disk_migrations or {})
    return _applied([schema])[schema] >= on_disk


def _applied(schemas: Iterable[str]) -> dict[str, Names]:
    """The applied migrations of each schema, in one query over the whole fleet."""
    schemas = list(schemas)
    union = " UNION ALL ".join(
        f"SELECT '{schema}', app, name FROM {schema}.django_migrations"  # noqa: S608
        for schema in schemas
    )
    found: dict[str, set[tuple[str, str]]] = {schema: set() for schema in schemas}
    with connection.cursor() as cursor:
        cursor.execute(union)
        for schema, app, name in cursor.fetchall():
            found[schema].add((app, name))
    return {schema: frozenset(names) for schema, names in found.items()}


def _migrate_with_django(schema: str) -> None:
    try:
        call_command("migrate_schemas", schema_name=schema, verbosity=0, interactive=False)
    finally:
        tenant_connection().set_schema_to_public()


def _migrate_group(missing: Names, group: list[str], report: FleetReport) -> None:
    try:
        rendered = _render(missing, group[0])
    except Exception:
        # A history with a hole in it, for one. Django says so below, for each council by name.
        log.exception("migrations_not_rendered", schema=group[0])
        rendered = None
    for schema in group:
        try:
            if rendered is None:
                _migrate_with_django(schema)
            else:
                _run(rendered, schema)
            report.migrated.append(schema)
        except Exception as error:
            # Whatever a migration's Python raises, the other councils must not wait for it.
            log.exception("council_not_migrated", schema=schema)
            report.failed[schema] = str(error).strip()


def _render(missing: Names, schema: str) -> list[RenderedMigration] | None:
    """The missing migrations as SQL, or None when one of them must run as Python."""
    tenant_connection().set_schema(schema)
    try:
        executor: Any = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        migrations = [migration for migration, _ in plan]
        if not all(_is_plain(migration) for migration in migrations):
            return None
        state = executor._create_project_state(with_applied_migrations=True)  # noqa: SLF001
        rendered = []
        for migration in migrations:
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            sql = "\n".join(editor.collected_sql)
            rendered.append(RenderedMigration(migration.app_label, migration.name, sql))
    finally:
        tenant_connection().set_schema_to_public()
    covers_all = missing <= {(one.app, one.name) for one in rendered}
    return rendered if covers_all else None


def _is_plain(migration: Migration) -> bool:
    return migration.atomic and all(map(_is_sql, migration.operations))


def _is_sql(operation: Operation) -> bool:
    """Whether rendering the operation runs nothing. Looks inside SeparateDatabaseAndState too."""
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_is_sql, operation.database_operations))
    return operation.reduces_to_sql and not isinstance(operation, RunPython)


def _run(rendered: list[RenderedMigration], schema: str) -> None:
    tenant_connection().set_schema(schema)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for migration in rendered:
                if _has_statement(migration.sql):
                    cursor.execute(migration.sql)
                cursor.execute(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
                    [migration.app, migration.name],
                )
    finally:
        tenant_connection().set_schema_to_public()


def _has_statement(sql: str) -> bool:
    return any(line.strip() and not line.strip().startswith("--") for line in sql.splitlines())
