"""The source roots, and that none of them hides the standard library."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import PathFinder

import pytest

from tests.architecture.source import PACKAGES, ROOT, SOURCE_ROOTS


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_a_source_root_is_not_a_package(root: str) -> None:
    assert not (ROOT / root / "__init__.py").exists(), (
        f"Delete {root}/__init__.py: with it, `import platform` finds our folder and not the "
        "standard library's module (docs/adr/0001)."
    )


def test_platform_is_the_standard_librarys_even_from_the_projects_folder() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_source_roots_hold_our_packages_and_nothing_else() -> None:
    found = {
        path.name
        for root in SOURCE_ROOTS
        for path in (ROOT / root).iterdir()
        if path.name != "__pycache__" and not path.name.endswith(".egg-info")
    }
    assert found == set(PACKAGES), (
        "A source root holds only packages that start with `ims`. A new package needs an ADR, a "
        "line in pyproject.toml and one in tests/architecture/source.py."
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_has_the_name_of_a_standard_module(package: str) -> None:
    assert package not in sys.stdlib_module_names
    assert PathFinder.find_spec(package, [str(ROOT / root) for root in SOURCE_ROOTS]) is not None


def test_no_drawer_for_odds_and_ends() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils"}
    found = [
        path.relative_to(ROOT).as_posix()
        for root in SOURCE_ROOTS
        for path in (ROOT / root).rglob("*")
        if path.stem in banned and "node_modules" not in path.parts
    ]
    assert not found, f"Name the file by what it holds, not {', '.join(found)}."
