"""What may not stand in our code, found in its syntax tree. Each rule is proved to bite."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from tests.architecture.source import PACKAGES, ROOT, SOURCE_ROOTS, Source, dotted, parse, sources

Finding = tuple[int, str]


@dataclass(frozen=True)
class Rule:
    """A thing that may not be written. `bad` is an example; `instead` says what to do.

    `allowed` maps a path (or the start of one) to the reason it may; an entry that is no longer
    needed fails, so the list only shrinks.
    """

    name: str
    find: Callable[[Source], Iterator[Finding]]
    bad: str
    instead: str
    allowed: Mapping[str, str] = field(default_factory=dict)

    def findings(self, source: Source) -> list[str]:
        return [f"{source.path}:{line}: {what}" for line, what in self.find(source)]


def line_of(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def calls(*names: str) -> Callable[[Source], Iterator[Finding]]:
    def find(source: Source) -> Iterator[Finding]:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                name = dotted(node.func)
                if any(name == each or name.endswith(f".{each}") for each in names):
                    yield node.lineno, f"{name}()"

    return find


def uses(*names: str) -> Callable[[Source], Iterator[Finding]]:
    """A name, attribute, import or exception with one of the names."""

    def find(source: Source) -> Iterator[Finding]:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Name) and node.id in names:
                yield node.lineno, node.id
            elif isinstance(node, ast.Attribute) and node.attr in names:
                yield node.lineno, node.attr
            elif isinstance(node, ast.Import | ast.ImportFrom):
                line = node.lineno
                yield from ((line, alias.name) for alias in node.names if alias.name in names)

    return find


def imports(*modules: str) -> Callable[[Source], Iterator[Finding]]:
    def find(source: Source) -> Iterator[Finding]:
        for node in ast.walk(source.tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            hits = [n for n in names if any(f"{n}.".startswith(f"{each}.") for each in modules)]
            if hits:
                yield line_of(node), hits[0]

    return find


def kept_results(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "functools":
            for alias in node.names:
                if alias.name in {"cache", "lru_cache"}:
                    yield node.lineno, f"functools.{alias.name}"
        elif dotted(node) in {"functools.cache", "functools.lru_cache"}:
            yield line_of(node), dotted(node)


def with_a_council(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else []:
            name = dotted(item.context_expr)
            if name.rsplit(".", 1)[-1] in {"council", "tenant"}:
                yield item.context_expr.lineno, f"with {name}:"


def imports_inside_functions(source: Source) -> Iterator[Finding]:
    for name, function in source.functions():
        if source.path.endswith("/apps.py") and name.endswith(".ready"):
            continue
        for node in ast.walk(function):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or "" if not node.level else PACKAGES[0]]
            if any(module.split(".")[0] in PACKAGES for module in modules):
                yield line_of(node), f"import in {name}()"


def unannotated(source: Source) -> Iterator[Finding]:
    for name, function in source.functions():
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if positional and positional[0].arg in {"self", "cls"}:
            positional = positional[1:]
        others = [*arguments.kwonlyargs, *filter(None, (arguments.vararg, arguments.kwarg))]
        missing = [each.arg for each in (*positional, *others) if each.annotation is None]
        if function.returns is None:
            missing.append("return")
        if missing:
            yield function.lineno, f"{name}() lacks {', '.join(missing)}"


def reads_the_environment(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        name = dotted(node)
        called = dotted(node.func) if isinstance(node, ast.Call) else ""
        if name in {"os.environ", "os.environb"} or called in {"os.getenv", "environ.Env"}:
            yield line_of(node), name or called


def unfinished(source: Source) -> Iterator[Finding]:
    yield from (
        (number, found.group())
        for number, line in enumerate(source.text.splitlines(), start=1)
        if (found := re.search(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b", line))
    )


def column_types(source: Source) -> Iterator[Finding]:
    """Float and decimal columns, and columns of money that are not whole pence in a bigint."""
    money = re.compile(r"(?:^|(?<!hash)_)(?:amount|total|gross|net|balance|price|fee|pence)(?:_|$)")
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        kind = dotted(node.value.func).rsplit(".", 1)[-1]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        name = dotted(targets[0])
        if kind in {"FloatField", "DecimalField"}:
            yield node.lineno, f"{name} is a {kind}"
            continue
        # The number of such things, and the day of one, are no money.
        is_money = money.search(name) and not name.endswith(("_count", "_on"))
        right = kind == "BigIntegerField" and name.endswith("_pence")
        if kind.endswith("Field") and is_money and not right:
            yield node.lineno, f"{name} is a {kind}"


def columns_of_models(source: Source) -> Iterator[Finding]:
    if source.path.endswith("/models.py"):
        yield from column_types(source)


RULES = [
    Rule(
        "float",
        calls("float"),
        "amount = float(text)",
        "Money is whole pence: ims_kernel.money.parse_pounds.",
    ),
    Rule(
        "clock",
        calls(
            "datetime.now",
            "datetime.utcnow",
            "datetime.today",
            "date.today",
            "timezone.now",
            "time.time",
            "timezone.localdate",
            "timezone.localtime",
        ),
        "from datetime import date\ntoday = date.today()",
        "Take `at` or `on` as a parameter; at the edge call ims_kernel.clock.",
        {"platform/ims_kernel/clock.py": "the one place that reads the clock"},
    ),
    Rule(
        "print",
        calls("print", "pprint"),
        "print('posted')",
        "Log with structlog, or return the text to the command line.",
        {"platform/ims_config/cli.py": "what it prints is its answer"},
    ),
    Rule(
        "http",
        imports("requests", "httpx", "urllib.request", "http.client", "urllib3", "aiohttp"),
        "import requests",
        "Outbound calls go through ims_kernel.http, with a timeout and redaction.",
        {"platform/ims_kernel/http.py": "the one place that calls other services"},
    ),
    Rule(
        "django-tenants contexts",
        uses("tenant_context", "schema_context"),
        "from django_tenants.utils import tenant_context",
        "Use ims_tenants.current.enter(council): it restores in every case (docs/adr/0007).",
    ),
    Rule(
        "with council",
        with_a_council,
        "with council:\n    pass",
        "Write `with enter(council):`; `with council:` mixes up threads (docs/adr/0007).",
    ),
    Rule(
        "kept results",
        kept_results,
        "from functools import lru_cache",
        "A result kept by the process reaches the next council. Pass the value, or use a cache "
        "whose keys hold the council (docs/adr/0007).",
        {
            "platform/ims_kernel/web/jinja.py": "keeps compiled macros, which no council changes",
            "platform/ims_kernel/references.py": "arithmetic on a number, the same everywhere",
        },
    ),
    Rule(
        "late import",
        imports_inside_functions,
        "def find():\n    from ims.funds import selectors\n",
        "Import at the top. If that makes a circle, one of the two has the wrong home.",
        {"platform/ims_config/cli.py": "`ims --help` answers before Django is set up"},
    ),
    Rule(
        "annotations",
        unannotated,
        "def post(drafts, *, at: int) -> None: ...",
        "Annotate every parameter and the result.",
    ),
    Rule(
        "environment",
        reads_the_environment,
        "import os\nname = os.environ['NAME']",
        "Add a typed field to ims_config/env.py and a row to docs/reference/settings.md.",
        {
            "platform/ims_config/env.py": "the one reader",
            "platform/ims_config/cli.py": "names the settings before anything reads them",
            "platform/ims_config/database.py": "the database's address is needed before settings",
            "platform/ims_config/localdb/": "gives a child process a clean environment",
            "platform/ims_config/settings/test.py": "sets a secret before anything reads it",
            "platform/ims_config/wsgi.py": "names the settings, as Django asks",
        },
    ),
    Rule(
        "unfinished",
        unfinished,
        "raise NotImplementedError",
        "Finish it, leave it out, or open an issue.",
    ),
    Rule(
        "columns",
        columns_of_models,
        "fee = models.IntegerField()",
        "Money is a BigIntegerField named *_pence (docs/adr/0004).",
    ),
]


def excused(rule: Rule, path: str) -> bool:
    return any(path.startswith(allowed) for allowed in rule.allowed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_our_code_does_not_hold(rule: Rule) -> None:
    found = [
        each
        for source in sources()
        if not excused(rule, source.path)
        for each in rule.findings(source)
    ]
    assert not found, f"{rule.instead}\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_bites(rule: Rule) -> None:
    path = "platform/ims/example/models.py"
    assert rule.findings(parse(rule.bad, path))
    assert not rule.findings(parse("VALUE = 1\n", path))


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        pytest.param(rule, path, id=f"{rule.name}: {path}")
        for rule in RULES
        for path in rule.allowed
    ],
)
def test_an_exception_is_still_needed(rule: Rule, path: str) -> None:
    found = [s for s in sources() if s.path.startswith(path) and rule.findings(s)]
    assert found, f"{path} no longer needs its exception from “{rule.name}”. Delete it here."


def test_templates_and_scripts_hold_nothing_unfinished() -> None:
    marks = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    found = [
        path.relative_to(ROOT).as_posix()
        for root in SOURCE_ROOTS
        for kind in ("*.html", "*.js", "*.scss", "*.toml")
        for path in (ROOT / root).rglob(kind)
        if "node_modules" not in path.parts
        and "build" not in path.parts
        and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"Finish it, or open an issue: {', '.join(found)}."
