"""Apps, models and manifests: what lives in which schema, deliberately."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.db import models

from ims_config.apps import BOTH_SCHEMAS, INSTALLED_APPS, SHARED_APPS, TENANT_APPS
from ims_kernel.identity import permissions
from tests.architecture.source import PACKAGES, ROOT, app_of, parse, sources

PUBLIC_ONLY = [app for app in SHARED_APPS if app not in TENANT_APPS]
COUNCIL_ONLY = [app for app in TENANT_APPS if app not in SHARED_APPS]
# Django's own apps that may have tables beside the product's.
DJANGOS_IN_COUNCILS = {
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
}


def ours() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if config.name.split(".")[0] in PACKAGES]


def product_models() -> list[type[models.Model]]:
    return [model for config in ours() for model in config.get_models()]


# --- which schema ---------------------------------------------------------------------------------
# Settings are a council's; the platform has none.
KERNELS_IN_COUNCILS = {"ims_kernel.records"}
# Wrapped keys stand apart from what they protect (docs/adr/0028).
KERNELS_IN_PUBLIC = {"ims_kernel.crypto"}


def test_the_products_apps_are_in_councils_only() -> None:
    assert [app for app in SHARED_APPS if app.startswith("ims.")] == []
    others = {app for app in COUNCIL_ONLY if not app.startswith("ims.")}
    assert others == KERNELS_IN_COUNCILS, others


# How people sign in belongs to the people: a council's to the council, operators' to the platform.
ALLAUTHS_IN_COUNCILS = {
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
}


def test_only_people_their_signing_in_and_audit_are_in_both() -> None:
    """Reading falls through to `public` for a table that is in both, so the list stays short."""
    ours = {"ims_kernel.identity", "ims_kernel.audit", "ims_kernel.signin"}
    assert set(BOTH_SCHEMAS) == DJANGOS_IN_COUNCILS | ALLAUTHS_IN_COUNCILS | ours
    assert set(SHARED_APPS) & set(TENANT_APPS) == set(BOTH_SCHEMAS)


@pytest.mark.parametrize("config", ours(), ids=lambda config: config.name)
def test_an_app_with_tables_says_where_they_live(config: AppConfig) -> None:
    if not list(config.get_models()):
        return
    expected = {
        "ims": COUNCIL_ONLY,
        "ims_kernel": {*BOTH_SCHEMAS, *KERNELS_IN_COUNCILS, *KERNELS_IN_PUBLIC},
        "ims_tenants": PUBLIC_ONLY, "ims_billing": PUBLIC_ONLY,
    }[config.name.split(".")[0]]  # fmt: skip
    assert config.name in expected, (
        f"{config.name} has tables. Put it in the right list of ims_config/apps.py (docs/adr/0007)."
    )


def test_every_app_with_tables_is_installed() -> None:
    found = {app_of(s.module) for s in sources() if s.module.endswith(".models")}
    assert found <= set(INSTALLED_APPS), (
        f"Add to ims_config/apps.py: {', '.join(sorted(found - set(INSTALLED_APPS)))}."
    )


def crossing_keys(found: list[type[models.Model]]) -> Iterator[str]:
    for model in found:
        config = apps.get_app_config(model._meta.app_label).name
        for each in model._meta.get_fields():
            target: Any = getattr(each, "related_model", None)
            if not getattr(each, "concrete", False) or target is None or isinstance(target, str):
                continue
            other = apps.get_app_config(target._meta.app_label).name
            home = TENANT_APPS if config in TENANT_APPS else PUBLIC_ONLY + BOTH_SCHEMAS
            if other not in home:
                yield f"{model._meta.label}.{each.name} points at {target._meta.label}"


def test_no_foreign_key_leaves_its_schema() -> None:
    found = list(crossing_keys(product_models()))
    assert not found, (
        "A council must be movable to another cluster by itself (docs/adr/0015). Keep the "
        "identifier as a plain column:\n" + "\n".join(found)
    )


def test_no_generic_foreign_key_points_at_money() -> None:
    """Content types have other ids in each council, so a generic key may point at a stranger."""
    found = [m._meta.label for m in product_models() if m._meta.private_fields]
    assert not found, f"Name the kind and the id as text, as audit does: {', '.join(found)}."


@pytest.mark.parametrize("model", product_models(), ids=lambda model: model._meta.label)
def test_a_model_is_a_real_table_with_a_primary_key(model: type[models.Model]) -> None:
    meta = model._meta
    assert meta.pk is not None, f"{meta.label} needs a primary key: replication needs one."
    assert meta.managed, f"{meta.label} must be made by a migration."
    assert not meta.db_table_comment
    for each in meta.get_fields():
        assert not isinstance(each, models.FloatField | models.DecimalField), f"{meta.label}.{each}"


# --- manifests ------------------------------------------------------------------------------------
def app_folders() -> list[str]:
    """Every package that is an app: installed, or with models."""
    installed = {app for app in INSTALLED_APPS if app.split(".")[0] in PACKAGES}
    modelled = {app_of(s.module) for s in sources() if s.module.endswith(".models")}
    children = {
        f"ims.{path.name}"
        for path in (ROOT / "platform/ims").iterdir()
        if (path / "__init__.py").exists()
    }
    return sorted(installed | modelled | children)


def manifest_problems(text: str, app: str) -> Iterator[str]:
    tree = ast.parse(text)
    configs = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if len(configs) != 1 or not configs[0].name.endswith("Config"):
        yield "holds exactly one AppConfig"
        return
    names = {
        target.id: getattr(node.value, "value", None)
        for node in configs[0].body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if names.get("name") != app:
        yield f"has name = “{app}”"
    for node in configs[0].body:
        if isinstance(node, ast.FunctionDef):
            if node.name != "ready":
                yield f"has no {node.name}(): only ready()"
            yield from _steps_of_ready(node)
    if re.search(r"\.objects\b|cursor\(|connection\b", text):
        yield "asks the database nothing"


def _steps_of_ready(ready: ast.FunctionDef) -> Iterator[str]:
    for step in ready.body:
        is_call = isinstance(step, ast.Expr) and isinstance(step.value, ast.Call | ast.Constant)
        if not is_call and not isinstance(step, ast.Import | ast.ImportFrom):
            yield f"only imports and registers (line {step.lineno})"


@pytest.mark.parametrize("app", app_folders())
def test_apps_py_is_a_manifest(app: str) -> None:
    source = next((s for s in sources() if s.module == f"{app}.apps"), None)
    assert source is not None, f"{app} has no apps.py. It says what the app is and registers it."
    found = list(manifest_problems(source.text, app))
    assert not found, f"{source.path}: a manifest " + "; ".join(found) + "."


def test_a_manifest_that_works_is_caught() -> None:
    bad = """
class FundsConfig(AppConfig):
    name = "ims.fonds"
    def ready(self):
        for fund in Fund.objects.all():
            fund.save()
"""
    assert len(list(manifest_problems(bad, "ims.funds"))) == 3


@pytest.mark.parametrize("kind", ["provisioning"])
def test_what_an_app_offers_is_registered_in_its_manifest(kind: str) -> None:
    for source in sources():
        if source.module.endswith(f".{kind}") and source.module.startswith("ims."):
            manifest = next(s for s in sources() if s.module == f"{app_of(source.module)}.apps")
            assert f"{kind}.register(" in manifest.text, f"{manifest.path} must register {kind}."


# --- permissions ----------------------------------------------------------------------------------
def asked_for(text: str) -> Iterator[str]:
    """Every permission that code asks for by name."""
    for node in ast.walk(parse(text).tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            first = node.args[0]
            if name in {"require", "requires", "may"} and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_permission_asked_for_is_registered() -> None:
    missing = {
        permission: source.path
        for source in sources()
        for permission in asked_for(source.text)
        if permission not in permissions.registered()
    }
    assert not missing, f"Register in apps.py of the app, with a plain description: {missing}."
    assert list(asked_for('actor.require("x.y")\n@requires("a.b")\ndef f(): ...')) == ["x.y", "a.b"]


def test_permissions_are_named_by_app_and_verb() -> None:
    labels = {config.label for config in ours()} | {"councils", "people", "roles"}
    for name, description in permissions.registered().items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name), name
        assert name.split(".")[0] in labels, f"{name} does not start with an app's label."
        assert description[0].isupper(), description
        assert not description.endswith("."), description
