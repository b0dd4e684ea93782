"""Sizes of files and functions. What is over stands in budget_exceptions.toml, and may shrink."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence

from tests.architecture.source import ROOT, Function, sources

EXCEPTIONS = ROOT / "tests/architecture/budget_exceptions.toml"

FILE_MEDIAN, FILE_P95, FILE_MAX = 80, 300, 500
FUNCTION_P95, FUNCTION_MAX = 40, 70
PARAMETERS_MAX, POSITIONAL_MAX = 6, 3


def share(sizes: Sequence[int], percent: int) -> int:
    """The size that so many percent of the things do not go over."""
    ordered = sorted(sizes)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: that is for the reader, not a load."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if getattr(getattr(first, "value", None), "value", None).__class__ is str:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def positional(function: Function) -> int:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (bool(names) and names[0] in {"self", "cls"})


def parameters(function: Function) -> int:
    return positional(function) + len(function.args.kwonlyargs)


def measured() -> dict[str, dict[str, int]]:
    """Everything that can be over budget: measure -> place -> size."""
    found: dict[str, dict[str, int]] = {
        "file_lines": {}, "function_lines": {}, "parameters": {}, "positional": {}
    }  # fmt: skip
    for source in sources():
        found["file_lines"][source.path] = source.line_count
        for name, function in source.functions():
            place = f"{source.path}:{name}"
            found["function_lines"][place] = length(function)
            # The shape of a dunder or of a private function is its one caller's business.
            last = name.rsplit(".", 1)[-1]
            found["parameters"][place] = parameters(function)
            if not last.startswith("_"):
                found["positional"][place] = positional(function)
    return found


LIMITS = {
    "file_lines": FILE_MAX,
    "function_lines": FUNCTION_MAX,
    "parameters": PARAMETERS_MAX,
    "positional": POSITIONAL_MAX,
}


def complaints(
    sizes: Mapping[str, Mapping[str, int]], exceptions: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """What is over budget without an exception, and each exception that can shrink or go."""
    found = []
    for measure, limit in LIMITS.items():
        allowed = exceptions.get(measure, {})
        for place, size in sizes[measure].items():
            if size > allowed.get(place, limit):
                found.append(
                    f"{place} has {measure} {size}, the budget is {limit}. Split it: a budget is "
                    "not raised by adding an exception."
                )
        for place, size in allowed.items():
            now = sizes[measure].get(place, 0)
            if now <= limit:
                found.append(f"{place} is within its budget. Delete it from {EXCEPTIONS.name}.")
            elif now < size:
                found.append(f"{place} shrank to {now}. Write {now} in {EXCEPTIONS.name}.")
    return found


def test_no_file_or_function_is_over_its_budget() -> None:
    found = complaints(measured(), tomllib.loads(EXCEPTIONS.read_text()))
    assert not found, "\n".join(found)


def test_most_files_are_small() -> None:
    sizes = [s.line_count for s in sources() if s.line_count > 2]
    assert share(sizes, 50) <= FILE_MEDIAN, f"The middle file has {share(sizes, 50)} lines."
    assert share(sizes, 95) <= FILE_P95, f"One file in twenty has over {share(sizes, 95)} lines."


def test_most_functions_are_short() -> None:
    sizes = list(measured()["function_lines"].values())
    assert share(sizes, 95) <= FUNCTION_P95, f"One in twenty is over {share(sizes, 95)} lines."


def test_the_ratchet_bites() -> None:
    sizes = {
        "file_lines": {"a": 501, "b": 450},
        "function_lines": {},
        "parameters": {},
        "positional": {},
    }
    assert len(complaints(sizes, {})) == 1
    assert complaints(sizes, {"file_lines": {"a": 501}}) == []
    assert "shrank to 501" in complaints(sizes, {"file_lines": {"a": 510}})[0]
    assert "within its budget" in complaints(sizes, {"file_lines": {"a": 501, "b": 600}})[0]
    grown = {**sizes, "file_lines": {"a": 502}}
    assert "has file_lines 502" in complaints(grown, {"file_lines": {"a": 501}})[0]
