"""What the reference pages must list, read from the code itself, and what they do list."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from ims_kernel.errors import ImsError
from tests.architecture.source import PACKAGES, ROOT, dotted, sources

# Modules that do something when imported: start the site, or choose settings.
_NOT_IMPORTED = ("ims_config.settings.", "ims_config.wsgi")


def errors() -> dict[str, type[ImsError]]:
    """Every error class of ours by its code. Raises AssertionError for a code used twice."""
    for source in sources():
        if not source.module.startswith(_NOT_IMPORTED):
            import_module(source.module)
    found: dict[str, type[ImsError]] = {}
    for each in _below(ImsError):
        if each.__module__.split(".")[0] in PACKAGES:
            code = each.__dict__.get("code")
            assert code, f"{each.__module__}.{each.__name__} needs a `code` of its own."
            other = found.setdefault(code, each)
            assert other is each, f"{each.__qualname__} and {other.__qualname__} share “{code}”."
    return found


def _below(parent: type[ImsError]) -> Iterator[type[ImsError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _below(child)


def settings() -> set[str]:
    """Every variable of the environment that our code reads."""
    found = set()
    for source in sources():
        for node in ast.walk(source.tree):
            name = ""
            if isinstance(node, ast.Call) and node.args:
                called, key = dotted(node.func), node.args[0]
                if called.startswith("env.") or called in {"os.environ.get", "os.getenv"}:
                    name = str(getattr(key, "value", ""))
            elif isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ":
                name = str(getattr(node.slice, "value", ""))
            if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                found.add(name)
    return found - {"PATH"}


def commands(parser: argparse.ArgumentParser, prefix: str = "ims") -> Iterator[str]:
    """Every command with its words, such as `ims council create`."""
    children = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not children:
        yield prefix
    for action in children:
        for word, child in action.choices.items():
            yield from commands(child, f"{prefix} {word}")


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every option of every command, such as `--json`."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from options(child)
        elif action.option_strings and action.dest != "help":
            yield max(action.option_strings, key=len)


def page(name: str) -> str:
    path = ROOT / "docs" / name
    assert path.is_file(), f"Write docs/{name}."
    return path.read_text(encoding="utf-8")


def listed(name: str) -> list[str]:
    """The first cell of each row of a page's tables, when it is code: | `suspense.view` | … |."""
    return re.findall(r"^\| `([^`]+)` +\|", page(name), re.MULTILINE)


def pages() -> list[Path]:
    """Every page of prose of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
