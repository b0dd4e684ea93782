"""Holds each part's branch coverage to its floor: `python -m tests.coverage_floors`.

Run after the tests. Says nothing when every floor holds. Floors stand in coverage_floors.toml and
only rise: a part that has grown two points above its floor must have it raised.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import coverage

ROOT = Path(__file__).resolve().parents[1]
FLOORS = Path(__file__).with_name("coverage_floors.toml")
ROOM = 2.0


def part_of(path: str) -> str:
    """The part a file belongs to: its app in `ims`, else its package."""
    _, package, *rest = Path(path).parts
    return f"{package}.{rest[0]}" if package == "ims" and len(rest) > 1 else package


def measured(report: Mapping[str, Any]) -> dict[str, float]:
    """Percent of statements and branches run, for each part, from coverage's JSON report."""
    run: dict[str, int] = defaultdict(int)
    there: dict[str, int] = defaultdict(int)
    for path, file in report["files"].items():
        summary, part = file["summary"], part_of(path)
        run[part] += summary["covered_lines"] + summary["covered_branches"]
        there[part] += summary["num_statements"] + summary["num_branches"]
    return {part: 100 * run[part] / there[part] for part in there if there[part]}


def complaints(found: Mapping[str, float], floors: Mapping[str, float]) -> Iterator[str]:
    """What does not hold, one sentence each."""
    for part, percent in sorted(found.items()):
        floor = floors.get(part)
        if floor is None:
            yield f"{part} has no floor. Give it one in {FLOORS.name}: it is at {percent:.1f} %."
        elif percent < floor:
            yield f"{part} is covered at {percent:.1f} %, under its floor of {floor} %."
        elif percent > floor + ROOM:
            yield f"{part} is at {percent:.1f} %. Raise its floor of {floor} in {FLOORS.name}."
    for part in sorted(set(floors) - set(found)):
        yield f"{part} is not there any more. Take its floor out of {FLOORS.name}."


def main() -> int:
    """0 when every floor holds, else 1 with the reasons on standard error."""
    data = coverage.Coverage(config_file=str(ROOT / "pyproject.toml"))
    data.load()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        quiet, sys.stdout = sys.stdout, io.StringIO()
        try:
            data.json_report(outfile=str(target))
        finally:
            sys.stdout = quiet
        report = json.loads(target.read_text())
    found = list(complaints(measured(report), tomllib.loads(FLOORS.read_text())))
    for sentence in found:
        sys.stderr.write(f"{sentence}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
