"""Migrations: none missing, one line of history for each app, nothing that cannot be rendered."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState

from tests.architecture.source import PACKAGES


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    """Migrations as they stand on disk; no database is asked."""
    return MigrationLoader(None, ignore_no_migrations=True)


LABELS = sorted(
    config.label for config in apps.get_app_configs() if config.name.split(".")[0] in PACKAGES
)


def test_no_migration_is_missing(loader: MigrationLoader) -> None:
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=set(LABELS), dry_run=True),
    )
    changes = detector.changes(graph=loader.graph)
    missing = {
        label: [operation.describe() for each in found for operation in each.operations]
        for label, found in changes.items()
        if label in LABELS
    }
    assert not missing, f"Run `python manage.py makemigrations`: {missing}."


@pytest.mark.parametrize("label", LABELS)
def test_history_is_one_line(loader: MigrationLoader, label: str) -> None:
    names = sorted(name for app, name in loader.disk_migrations if app == label)
    assert len(loader.graph.leaf_nodes(label)) <= 1, f"Two branches of migrations in {label}."
    numbers = [int(name[:4]) for name in names]
    assert numbers == list(range(1, len(names) + 1)), (
        f"Renumber the migrations of {label}: {names}."
    )
    for name in names[1:]:
        parents = {p for app, p in loader.disk_migrations[label, name].dependencies if app == label}
        assert parents == {names[int(name[:4]) - 2]}, f"{label}.{name} must follow the one before."


def test_an_app_with_models_has_migrations(loader: MigrationLoader) -> None:
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in PACKAGES and list(config.get_models()):
            assert config.label in loader.migrated_apps, f"{config.name} has no migrations."


def test_a_councils_migrations_look_only_at_its_own_schema(loader: MigrationLoader) -> None:
    """The fleet migrator runs them under the council's search path (docs/adr/0019)."""
    for (label, name), migration in loader.disk_migrations.items():
        if label in LABELS and label not in {"ims_tenants", "ims_billing"}:
            for operation in migration.operations:
                sql = str(getattr(operation, "sql", ""))
                assert "public." not in sql, f"{label}.{name} reaches into public."
