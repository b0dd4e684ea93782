"""Every service that changes something says so in the audit trail.

A service is any public function that takes `actor` and `at`, or an `Asked`, which holds both. It
must reach `record` or `record_read`: itself, or through what it calls. What need not is listed with
the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Function, Source, dotted, parse, sources

RECORDERS = {"ims_kernel.audit.services.record", "ims_kernel.audit.services.record_read"}

# What a setting is changed with: actor, instant and reason in one.
RECORDS = "ims_kernel.records."

# Services whose act is recorded by their callers, with the reason. Prefer recording: a line here
# is for what is never done on its own.
EXCEPTIONS = {
    "ims.ledger.services.post": "a posting is part of an act: taking, allocating, reversing",
    "ims_kernel.identity.grants.end_all": "roles end when one is taken away, or a person leaves",
    "ims_kernel.identity.invitations.make": "a link is part of inviting, which is recorded",
    "ims_kernel.configuration.applying.by_the_service": "it only says who asks",
    "ims.receipts.services.take_batch": "rows of an import, which is recorded as a whole",
}

Graph = dict[str, set[str]]


def graph_of(found: tuple[Source, ...]) -> Graph:
    """Every function by its dotted name, with the dotted names of what it calls or hands on."""
    graph: Graph = {}
    for source in found:
        names = _imported(source)
        for name, _ in source.functions():
            names.setdefault(name, f"{source.module}.{name}")
        for name, function in source.functions():
            graph[f"{source.module}.{name}"] = set(_named_in(function, names))
    return graph


def _imported(source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                found[each.asname or each.name] = f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name] = each.name
    return found


def _named_in(function: Function, names: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name | ast.Attribute):
            first, _, rest = dotted(node).partition(".")
            if first in names:
                yield f"{names[first]}.{rest}" if rest else names[first]


def reaches(graph: Graph, start: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in RECORDERS:
            return True
        if name not in seen:
            seen.add(name)
            waiting += graph.get(name, ())
    return False


def services(found: tuple[Source, ...]) -> Iterator[str]:
    for source in found:
        for name, function in source.functions():
            arguments = (*function.args.args, *function.args.kwonlyargs)
            kinds = {dotted(each.annotation) for each in arguments if each.annotation}
            asked = "Asked" in kinds and _imported(source).get("Asked", "").startswith(RECORDS)
            acts = {"actor", "at"} <= {each.arg for each in arguments} or asked
            if acts and not name.rsplit(".", 1)[-1].startswith("_"):
                yield f"{source.module}.{name}"


def silent(found: tuple[Source, ...]) -> list[str]:
    graph = graph_of(found)
    return [name for name in services(found) if not reaches(graph, name) and name not in RECORDERS]


def test_every_service_records_what_it_does() -> None:
    found = sorted(set(silent(sources())) - set(EXCEPTIONS))
    assert not found, (
        f"Nothing in the audit trail tells of {', '.join(found)}. Call record(actor, "
        '"app.verb", Subject(kind, id), at=at, before=…, after=…) from ims_kernel.audit.services '
        "in the transaction of the change. If it is only ever a part of a recorded act, add it to "
        "EXCEPTIONS in tests/architecture/test_audited.py with the reason."
    )


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_there_and_is_needed(name: str) -> None:
    assert name in silent(sources()), f"Delete {name} from EXCEPTIONS: it is gone, or records."


def test_a_silent_service_is_caught() -> None:
    loud = "from ims_kernel.audit.services import record\n"
    found = parse(
        f"{loud}def change(x, *, actor, at):\n    x.save()\n"
        "def tell(x, *, actor, at):\n    _write(x)\n"
        'def _write(x):\n    record(x, "a.b")\n'
        "def look(x, *, at):\n    return x\n"
    )
    assert silent((found,)) == ["ims.example.services.change"]
