"""Every error, setting, command, permission, format and layout has its place in the docs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from ims.exports.writers.registry import CODECS
from ims.imports.formats.registry import FORMATS
from ims_config import cli
from ims_kernel.identity import permissions
from tests.architecture import reference
from tests.architecture.source import ROOT, SOURCE_ROOTS, sources


def compare(name: str, wanted: dict[str, str]) -> None:
    """Fail with the rows to add and to delete."""
    found = reference.listed(name)
    missing = [row for key, row in sorted(wanted.items()) if key not in found]
    gone = sorted(set(found) - set(wanted))
    twice = sorted({each for each in found if found.count(each) > 1})
    assert not missing, f"Add to docs/{name}:\n" + "\n".join(missing)
    assert not gone, f"Delete from docs/{name}, they are not in the code: {', '.join(gone)}."
    assert not twice, f"docs/{name} lists these twice: {', '.join(twice)}."


def first_sentence(text: str | None) -> str:
    return re.split(r"(?<=\.)\s", " ".join((text or "").split()))[0]


def test_every_error_has_a_code_of_its_own_and_is_documented() -> None:
    rows = {
        code: f"| `{code}` | {each.status} | {first_sentence(each.__doc__)} |"
        for code, each in reference.errors().items()
    }
    compare("reference/errors.md", rows)


def test_error_codes_are_named_by_app_and_fact() -> None:
    for code, each in reference.errors().items():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code), code
        assert each.__doc__, f"{each.__qualname__} says in its docstring which fact it is."


def test_the_status_of_each_error_is_documented() -> None:
    text = reference.page("reference/errors.md")
    for code, each in reference.errors().items():
        row = re.search(rf"^\| `{re.escape(code)}` +\| (\d+) ", text, re.MULTILINE)
        assert row is not None, code
        assert int(row.group(1)) == each.status, f"{code} answers {each.status}."


def test_every_setting_is_documented() -> None:
    compare(
        "reference/settings.md",
        {name: f"| `{name}` | default | what it is for |" for name in reference.settings()},
    )


def test_every_permission_is_documented() -> None:
    rows = {name: f"| `{name}` | {words} |" for name, words in permissions.registered().items()}
    compare("reference/permissions.md", rows)
    text = reference.page("reference/permissions.md")
    for row in rows.values():
        assert row.split(" | ")[1].rstrip(" |") in text, f"The description differs: {row}"


def test_every_command_is_documented() -> None:
    parser = cli.parser()
    rows = {name: f"| `{name}` | what it does |" for name in reference.commands(parser)}
    compare("reference/cli.md", rows)
    text = reference.page("reference/cli.md")
    missing = {each for each in reference.options(parser) if f"`{each}" not in text}
    assert not missing, f"Describe in docs/reference/cli.md: {', '.join(sorted(missing))}."


def test_every_import_format_is_documented() -> None:
    text = reference.page("reference/file-formats.md")
    missing = [f"`{each.code}`: {each.name}" for each in FORMATS if f"`{each.code}`" not in text]
    assert not missing, f"Describe in docs/reference/file-formats.md: {', '.join(missing)}."
    assert (ROOT / "docs/how-to/add-a-file-format.md").is_file()


def test_every_kind_of_ledger_file_is_documented() -> None:
    text = reference.page("reference/export-layouts.md")
    missing = [kind.value for kind in CODECS if f"`{kind.value}`" not in text]
    assert not missing, f"Describe in docs/reference/export-layouts.md: {', '.join(missing)}."
    assert (ROOT / "docs/how-to/send-the-ledger-file.md").is_file()


# --- decisions ------------------------------------------------------------------------------------
ADRS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1)), "Give each ADR the next number, once."


def test_the_index_of_decisions_is_complete() -> None:
    index = reference.page("adr/README.md")
    for path in ADRS:
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        number, words = title.split(". ", 1)
        assert f"{number}" == path.name[:4], f"{path.name} starts with “# {path.name[:4]}. …”."
        assert f"| [{number}]({path.name}) | {words} |" in index, f"Index: {number} {words}"
    assert index.count("](0") == len(ADRS)


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.name)
def test_a_decision_is_one_screen_with_the_usual_headings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"], headings
    assert re.search(r"^Status: (?:accepted|superseded by \[\d{4}\])", text, re.MULTILINE)
    limit = 110 if "dependencies" in path.name else 60
    assert len(text.splitlines()) <= limit, "One screen: cut it, or make two decisions of it."


# --- prose ----------------------------------------------------------------------------------------
def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in reference.pages()
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (path.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_pages_named_in_the_code_are_there() -> None:
    named = re.compile(r"docs/([a-z-]+/[a-z0-9-]+(?:\.md)?)")
    dead = [
        f"{source.path} names docs/{page}"
        for source in sources()
        for page in named.findall(source.text)
        if not list((ROOT / "docs").glob(f"{page}*"))
    ]
    assert not dead, "\n".join(dead)


def test_the_glossary_names_models_that_exist() -> None:
    classes = {
        name
        for source in sources()
        for name in re.findall(r"^\s*class (\w+)", source.text, re.MULTILINE)
    }
    text = reference.page("glossary.md")
    named = set(re.findall(r"`([A-Z][A-Za-z]+)(?:\.[a-z_]+)?`", text))
    assert named, "The glossary binds council words to model names."
    assert named <= classes, f"Not in the code: {', '.join(sorted(named - classes))}."


def test_changelog_fragments_have_a_kind() -> None:
    kinds = {"added", "changed", "fixed", "security"}
    for path in (ROOT / "changelog.d").glob("*"):
        if path.name != "README.md":
            parts = path.name.split(".")
            assert len(parts) == 3, f"{path.name}: name it <slug>.<kind>.md."
            assert parts[1] in kinds, f"{path.name}: the kind is one of {', '.join(sorted(kinds))}."


def test_nothing_committed_names_a_machine_or_a_package_index() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("Not a git checkout: there is no list of committed files.")
    # Put together from parts, so that this file does not hold what it forbids.
    pairs = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("artifactory", ""))
    hosts = [".".join(pair) for pair in pairs]
    paths = [f"/{name}/" for name in ("work", "root", "home")]
    bad = re.compile("|".join([*map(re.escape, hosts), *(rf"(?<![\w.>]){p}\w" for p in paths)]))
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".svg", ".ico"} or not path.is_file():
            continue
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1):
            if bad.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found[:20])


def test_source_roots_are_described() -> None:
    text = reference.page("explanation/layout.md")
    assert all(f"`{root}/" in text for root in SOURCE_ROOTS)


def test_every_dependency_is_in_the_decision_about_them() -> None:
    text = reference.page("adr/0011-dependencies.md")
    wanted = set()
    for name in ("runtime.in", "dev.in"):
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
            package = re.match(r"[a-z][\w-]*", line)
            if package:
                wanted.add((package.group(), (re.findall(r"==([\d.]+)", line) or [""])[0]))
    manifest = json.loads((ROOT / "platform/ims_kernel/web/frontend/package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        wanted |= set(manifest.get(kind, {}).items())
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    missing = [
        f"{package} {version}"
        for package, version in sorted(wanted)
        if not any(re.search(rf"[| ]{re.escape(package)}[ ,|]", r) and version in r for r in rows)
    ]
    assert not missing, f"Say why, under which licence, in ADR 0011: {', '.join(missing)}."


def test_every_page_is_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    index = reference.page("README.md") + reference.page("adr/README.md")
    lost = [
        path.relative_to(docs).as_posix()
        for path in docs.rglob("*.md")
        if path.name != "README.md" and f"{path.name})" not in index
    ]
    assert not lost, f"Add to docs/README.md: {', '.join(lost)}."
