"""Every file of our own code, read and parsed once for all architecture tests."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("platform", "tenants", "billing")
PACKAGES = ("ims_config", "ims", "ims_billing", "ims_tenants", "ims_kernel")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file. `path` is relative to the project, `module` is its dotted name."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def line_count(self) -> int:
        return len(self.text.splitlines())

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function and method with its qualified name inside the module."""
        yield from _functions(self.tree, "")


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + child.name, child
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def parse(text: str, path: str = "platform/ims/example/services.py") -> Source:
    """A Source from text, for proving that a rule bites."""
    module = path.removesuffix(".py").split("/", 1)[1].replace("/", ".").removesuffix(".__init__")
    return Source(path, module, text, ast.parse(text))


@cache
def sources() -> tuple[Source, ...]:
    """Every file of our code except migrations, which Django writes."""
    found = [
        parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
        for root in SOURCE_ROOTS
        for path in sorted((ROOT / root).rglob("*.py"))
        if "migrations" not in path.parts and "node_modules" not in path.parts
    ]
    assert len(found) > 50, "The source roots were not found."
    return tuple(found)


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(contract_id: str) -> dict[str, Any]:
    """One import-linter contract by id."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == contract_id)


def app_of(module: str) -> str:
    """The app a module belongs to: `ims.funds`, `ims_kernel.identity`, `ims_tenants`."""
    parts = module.split(".")
    deep = parts[0] in {"ims", "ims_kernel"} and len(parts) > 1
    return ".".join(parts[:2]) if deep else parts[0]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
