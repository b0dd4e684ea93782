"""The check of coverage itself: it complains when it should."""

from __future__ import annotations

import tomllib

import pytest

from tests.coverage_floors import FLOORS, complaints, measured, part_of


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("platform/ims/ledger/services.py", "ims.ledger"),
        ("platform/ims/__init__.py", "ims"),
        ("platform/ims_kernel/money.py", "ims_kernel"),
        ("tenants/ims_tenants/console/views.py", "ims_tenants"),
    ],
)
def test_a_file_belongs_to_its_app_or_package(path: str, part: str) -> None:
    assert part_of(path) == part


def test_statements_and_branches_of_a_part_count_together() -> None:
    def file(covered: int, branches: int) -> dict[str, dict[str, int]]:
        summary = {
            "covered_lines": covered,
            "covered_branches": branches,
            "num_statements": 10,
            "num_branches": 10,
        }
        return {"summary": summary}

    report = {
        "files": {"platform/ims/funds/a.py": file(10, 10), "platform/ims/funds/b.py": file(5, 5)}
    }
    assert measured(report) == {"ims.funds": 75.0}


def test_below_the_floor_far_above_it_and_without_one_are_complained_of() -> None:
    floors = {"low": 90, "high": 90, "right": 90, "gone": 90}
    found = list(complaints({"low": 89.9, "high": 92.1, "right": 91.0, "new": 50.0}, floors))
    assert [sentence.split()[0] for sentence in found] == ["high", "low", "new", "gone"]


def test_every_floor_is_high() -> None:
    floors = tomllib.loads(FLOORS.read_text())
    assert min(floors.values()) >= 85
