"""`ims accounts load`: what it answers, and that it changes only what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ims_config import cli
from ims_tenants.models import Council
from tests.councils import NORTHMOOR_HOST
from tests.factories.accounts import csv_of, held, line

MANY = [line(f"77{number:07d}") for number in range(40)]


def ims(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = cli.main(["accounts", "load", NORTHMOOR_HOST, "CT", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_file_is_tried_then_applied(
    council: Council, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "ct.csv"
    path.write_bytes(csv_of(*MANY))
    code, said = ims(capsys, str(path), "--dry-run")
    assert code == 0
    assert "40 lines for Council Tax, would do this. Nothing was changed." in said
    assert held() == {}
    code, said = ims(capsys, str(path), "--json")
    answer = json.loads(said)
    assert (code, answer["state"], answer["added"], answer["mode"]) == (0, "applied", 40, "full")
    assert len(held()) == 40


def test_what_must_be_agreed_to_is_refused_without_it(
    council: Council, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "ct.csv"
    path.write_bytes(csv_of(*MANY))
    ims(capsys, str(path))
    path.write_bytes(csv_of(*MANY[:20], line("X1", balance="?")))
    code, said = ims(capsys, str(path))
    assert code == 1
    assert "closes 20 of the 40 open accounts" in said
    path.write_bytes(csv_of(*MANY[:20], line("X2", balance="?")))
    code, said = ims(capsys, str(path), "--accept-closing", "--accept-rejected")
    assert code == 0
    assert "line 22: balance: “?” is not an amount" in said
    assert sum(closed for _, _, closed in held().values()) == 20


def test_only_changes_leave_the_others(
    council: Council, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "ct.csv"
    path.write_bytes(csv_of(*MANY))
    ims(capsys, str(path))
    path.write_bytes(csv_of(line("770000000", balance="1.00")))
    code, said = ims(capsys, str(path), "--delta")
    assert code == 0
    assert "Changed              1" in said
    assert sum(closed for _, _, closed in held().values()) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF", "is a PDF"), (csv_of(line("A", balance="x")), "1 of 1 lines cannot be used")],
)
def test_a_file_that_cannot_be_used_is_refused(
    council: Council, capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "ct.csv"
    path.write_bytes(data)
    code, words = ims(capsys, str(path))
    assert code == 1
    assert said in words
    assert held() == {}


def test_a_file_that_is_not_there_is_said(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = ims(capsys, "nowhere.csv")
    assert code == 1
    assert "There is no file at nowhere.csv" in said
