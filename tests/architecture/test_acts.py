"""Every act in the audit trail has words, is documented, and is written where it happens."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ims_kernel.audit import acts
from tests.architecture import reference
from tests.architecture.source import Source, dotted, parse, sources

_CALLED = {"record": 1, "record_read": 3}
# Modules that are given the act by their own callers in the same app, where it is written out.
GIVEN = {
    "ims_kernel.audit.services": "it is the recorder itself",
    "ims_kernel.records.services": "settings.add, .change, .retire and .restore",
    "ims_kernel.records.proposals": "settings.approve and .refuse, by the table of events",
    "ims_kernel.identity.roles": "identity.retire_role and .restore_role",
    "ims.exports.services": "exports.accept and .reject, by the table of events",
}


def said_in(source: Source) -> Iterator[tuple[int, set[str] | None]]:
    """(line, the acts it may be) of each call; None when the act is not written out."""
    constants = _constants(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in _CALLED:
            yield node.lineno, _acts(node, constants)


def _constants(source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in source.tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            names, values = [target], [node.value]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                names, values = target.elts, node.value.elts
            for name, value in zip(names, values, strict=True):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[dotted(name)] = value.value
    return found


def _acts(call: ast.Call, constants: dict[str, str]) -> set[str] | None:
    named = {each.arg: each.value for each in call.keywords}
    if dotted(call.func) == "record":
        return _written(call.args[1] if len(call.args) > 1 else None, constants)
    if "act" in named:
        return _written(named["act"], constants)
    about = call.args[1] if len(call.args) > 1 else None
    if isinstance(about, ast.Call) and dotted(about.func) == "Subject" and about.args:
        kinds = _written(about.args[0], constants)
        return {f"{kind}{acts.LOOK}" for kind in kinds} if kinds else None
    return None


def _written(node: ast.AST | None, constants: dict[str, str]) -> set[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.Name) and node.id in constants:
        return {constants[node.id]}
    if isinstance(node, ast.IfExp):
        first, second = _written(node.body, constants), _written(node.orelse, constants)
        return first | second if first and second else None
    return None


def problems(found: tuple[Source, ...]) -> Iterator[str]:
    for source in found:
        for line, said in said_in(source):
            if said is None and source.module not in GIVEN:
                yield (
                    f"{source.path}:{line} does not write out its act. Write it as text or a "
                    "constant of the module, so that it can be found by searching."
                )
            for act in sorted((said or set()) - set(acts.registered())):
                yield (
                    f"{source.path}:{line} records “{act}”, which has no words. In the app's "
                    f'apps.py: acts.register({{"{act}": "Did something to a thing"}}).'
                )


def test_every_act_is_registered_with_words() -> None:
    found = list(problems(sources()))
    assert not found, "\n".join(found)


def test_words_say_in_the_past_what_was_done() -> None:
    for act, words in acts.registered().items():
        assert words[0].isupper(), f"{act}: begin “{words}” with a capital letter."
        assert not words.endswith("."), f"{act}: “{words}” is no sentence."
        assert "_" not in words, f"{act}: write “{words}” in words."
        assert act.count(".") == 1, f"{act}: an act is dotted once, app and verb."
        assert len(act) <= 60, f"{act} does not fit into its column."


def test_every_act_is_documented() -> None:
    rows = acts.registered()
    listed = reference.listed("reference/audit-acts.md")
    missing = [f"| `{act}` | {rows[act]} |" for act in sorted(set(rows) - set(listed))]
    assert not missing, "Add to docs/reference/audit-acts.md:\n" + "\n".join(missing)
    gone = sorted(set(listed) - set(rows))
    assert not gone, f"Delete from docs/reference/audit-acts.md: {', '.join(gone)}."
    text = reference.page("reference/audit-acts.md")
    differs = [f"`{act}` | {words} |" for act, words in rows.items()]
    assert not [row for row in differs if row not in text], "The words differ from the page."


def test_an_act_without_words_is_caught() -> None:
    bad = parse(
        'NEW = "never.heard_of"\n'
        'record(a, "suspense.allocate", s, at=t)\n'
        "record(a, NEW, s, at=t)\n"
        'record(a, f"suspense.{event}", s, at=t)\n'
        'record_read(a, Subject("never", 1), at=t)\n'
        'record_read(a, Subject("suspense", 1), at=t)\n'
    )
    found = [each.split(" ", 2)[0].rsplit(":", 1)[1] for each in problems((bad,))]
    assert found == ["3", "4", "5"]
