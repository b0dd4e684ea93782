"""Who may import whom: the contracts of pyproject.toml, and three rules they cannot say."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import (
    PACKAGES,
    ROOT,
    SOURCE_ROOTS,
    app_of,
    contract,
    parse,
    pyproject,
    sources,
)

CONTRACTS = [each["id"] for each in pyproject()["tool"]["importlinter"]["contracts"]]
INTERFACES = ("ims.backoffice", "ims.portal", "ims.api", "ims_tenants.console")
PURE = frozenset(contract("pure")["source_modules"])

# Services that are named by noun or verb because `services` would be too long, and modules that
# hold a capability's questions under a better name than `selectors`. Add one on purpose.
SERVICES_BY_NOUN = {
    "ims.accounts.editing": "accounts that are kept by hand",
    "ims.apikeys.keys": "making, revoking and recognising API keys",
    "ims.apikeys.scopes": "what a key may be used for, in words",
    "ims.ledger.periods": "opening and closing accounting periods",
}


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    paths = [str(project / root) for root in SOURCE_ROOTS]
    start = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", start, "--no-cache", "--config", "pyproject.toml"],
        cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}\nMove the code, or call through services and selectors. "
        "The arrows are drawn in docs/explanation/layout.md; changing one needs an ADR."
    )
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


# For each contract, a file and a line that must break it.
MUTATIONS = {
    "packages": ("billing/ims_billing/usage.py", "import ims.funds.vat"),
    "apps": ("platform/ims/ledger/periods.py", "import ims.receipts.errors"),
    "adapters": (
        "platform/ims/payments/providers/stripe/adapter.py",
        "import ims.payments.providers.govukpay",
    ),
    "ports": ("platform/ims/imports/formats/camt053.py", "import ims.receipts.errors"),
    "pure": ("platform/ims/funds/vat.py", "import django.conf"),
    "tenancy-facade": ("platform/ims/funds/selectors.py", "import ims_tenants.lifecycle"),
    "no-cycles": (
        "platform/ims_kernel/money.py",
        "import ims_kernel.web.charts",
    ),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the project with every forbidden import in it."""
    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", project)
    for root in SOURCE_ROOTS:
        shutil.copytree(
            ROOT / root, project / root,
            ignore=shutil.ignore_patterns("node_modules", "static", "templates", "__pycache__"),
        )  # fmt: skip
    for file, line in MUTATIONS.values():
        path = project / file
        path.write_text(f"{path.read_text()}\n{line}\n")
    (project / "platform/ims/gadgets").mkdir()
    (project / "platform/ims/gadgets/__init__.py").touch()
    done = lint(project)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_has_a_mutation() -> None:
    assert set(MUTATIONS) == set(CONTRACTS)


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_a_contract_bites(broken: str, contract_id: str) -> None:
    name = contract(contract_id)["name"]
    assert f"{name} BROKEN" in broken
    details = broken.split(f"\n{name}\n-", 1)[1].split("\n\n\n", 1)[0]
    file, line = MUTATIONS[contract_id]
    importer = parse("", file).module
    imported = line.removeprefix("import ").split(".")
    one_of = [".".join(imported[:size]) for size in (len(imported), 2, 1)]
    assert importer in details or importer.rsplit(".", 1)[0] in details, details
    assert any(each in details for each in one_of), details


def test_an_app_nobody_placed_is_refused(broken: str) -> None:
    assert "gadgets" in broken


# --- models are private to their app --------------------------------------------------------------
@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)


# Modules that may look at other apps' tables, with the reason. Add one on purpose.
MAY_SEE_MODELS = {
    "ims_config.demo.measuring": "adds the books up by itself, apart from the code it checks",
}


def strangers_at_models(imports: grimp.ImportGraph) -> Iterator[str]:
    for module in sorted(imports.modules):
        if module.rsplit(".", 1)[-1] != "models" or ".migrations" in module:
            continue
        for importer in sorted(imports.find_modules_that_directly_import(module)):
            if app_of(importer) != app_of(module) and ".migrations" not in importer:
                yield f"{importer} imports {module}"


def test_models_are_private_to_their_app() -> None:
    found = [f for f in strangers_at_models(graph()) if f.split(" ")[0] not in MAY_SEE_MODELS]
    assert not found, (
        "For an annotation, import under `if TYPE_CHECKING:`. For data, ask the app's selectors or "
        "services; a foreign key names its model by text, “funds.Fund”:\n" + "\n".join(found)
    )


def test_who_may_see_models_still_does() -> None:
    lookers = {found.split(" ")[0] for found in strangers_at_models(graph())}
    assert set(MAY_SEE_MODELS) <= lookers, "Delete what is not needed from MAY_SEE_MODELS."


def test_importing_another_apps_models_is_caught() -> None:
    changed = grimp.ImportGraph()
    for module in ("ims.funds.models", "ims.funds.selectors", "ims.exports.selectors"):
        changed.add_module(module)
    changed.add_import(importer="ims.funds.selectors", imported="ims.funds.models")
    assert list(strangers_at_models(changed)) == []
    changed.add_import(importer="ims.exports.selectors", imported="ims.funds.models")
    assert list(strangers_at_models(changed)) == ["ims.exports.selectors imports ims.funds.models"]


# --- interfaces are shells ------------------------------------------------------------------------
def is_door(module: str, *, writing: bool) -> bool:
    """Whether an interface (or, not writing, a report) may call this module of another app."""
    names = module.split(".")[2:]
    last = names[0] if names else ""
    if module in PURE or last in {"selectors", "errors"}:
        return True
    # Reports is the reading layer itself: its modules are named by what they answer.
    if app_of(module) == "ims.reports" and last != "models":
        return True
    return writing and (last == "services" or module in SERVICES_BY_NOUN)


def back_doors(imports: grimp.ImportGraph) -> Iterator[str]:
    for module in sorted(imports.modules):
        interface = next((i for i in INTERFACES if f"{module}.".startswith(f"{i}.")), "")
        report = f"{module}.".startswith("ims.reports.")
        if not interface and not report:
            continue
        for imported in sorted(imports.find_modules_directly_imported_by(module)):
            other = imported.startswith("ims.") and app_of(imported) != app_of(module)
            if other and imported.count(".") > 1 and not is_door(imported, writing=not report):
                yield f"{module} imports {imported}"


def test_pages_call_services_and_selectors_and_reports_call_selectors() -> None:
    found = list(back_doors(graph()))
    assert not found, (
        "A page or command translates and calls one service or selector; a report calls "
        "selectors. Give the app a selector for what is needed:\n" + "\n".join(found)
    )


def test_a_page_that_reaches_past_the_services_is_caught() -> None:
    changed = grimp.ImportGraph()
    for module in ("ims.backoffice.imports.views", "ims.reports.search", "ims.imports.posting"):
        changed.add_module(module)
    changed.add_module("ims.suspense.services")
    changed.add_import(importer="ims.backoffice.imports.views", imported="ims.suspense.services")
    assert list(back_doors(changed)) == []
    changed.add_import(importer="ims.backoffice.imports.views", imported="ims.imports.posting")
    changed.add_import(importer="ims.reports.search", imported="ims.suspense.services")
    assert list(back_doors(changed)) == [
        "ims.backoffice.imports.views imports ims.imports.posting",
        "ims.reports.search imports ims.suspense.services",
    ]


# --- one door for money, and one for the ledger ---------------------------------------------------
def test_only_the_apps_that_move_money_call_the_ledgers_post() -> None:
    """`receipts` takes money, `suspense` and `adjustments` move it; nobody else posts."""
    allowed = {"ims.ledger", "ims.receipts", "ims.suspense", "ims.adjustments"}
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        if app_of(source.module) not in allowed
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "ims.ledger.services"
        and any(alias.name == "post" for alias in node.names)
    ]
    assert not found, f"Call receipts.services.take or take_batch instead: {', '.join(found)}."


def test_writing_to_the_ledgers_tables_by_sql_stays_in_the_ledger() -> None:
    writes = re.compile(
        r"\b(?:INSERT\s+INTO|COPY|UPDATE|DELETE\s+FROM|TRUNCATE)\s+\"?ledger_(?:entry|line|block)",
        re.IGNORECASE,
    )
    found = [
        s.path for s in sources() if writes.search(s.text) and app_of(s.module) != "ims.ledger"
    ]
    assert not found, f"Only ims.ledger writes the ledger: {', '.join(found)}."
    assert any(writes.search(s.text) for s in sources() if s.module == "ims.ledger.services")
