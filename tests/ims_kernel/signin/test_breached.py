"""Looking passwords up in a sorted file of hashes."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from ims_kernel.signin.breached import is_in
from ims_kernel.signin.passwords import NotBreached


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(folder: Path, passwords: list[str], ending: str = "\r\n") -> Path:
    path = folder / "breached.txt"
    lines = sorted(f"{digest(each)}:{len(each) * 7}" for each in passwords)
    path.write_bytes(ending.join(lines).encode() + ending.encode())
    return path


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 100, 5_000])
def test_every_listed_password_is_found_and_no_other(
    tmp_path: Path, ending: str, count: int
) -> None:
    listed = [f"password number {n}" for n in range(count)]
    path = written(tmp_path, listed, ending)
    asked = listed if count < 200 else listed[::97]
    assert all(is_in(path, each) for each in asked)
    assert not any(is_in(path, f"{each}!") for each in asked)


def test_the_first_and_last_lines_and_a_file_without_an_end(tmp_path: Path) -> None:
    listed = [f"word {n}" for n in range(1_000)]
    path = written(tmp_path, listed)
    path.write_bytes(path.read_bytes().rstrip())
    ordered = sorted(listed, key=digest)
    assert is_in(path, ordered[0])
    assert is_in(path, ordered[-1])
    path.write_bytes(path.read_bytes().lower())
    assert is_in(path, ordered[500])
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert not is_in(empty, "anything")


def test_a_large_file_is_searched_in_a_few_kilobytes(tmp_path: Path) -> None:
    """Ten megabytes, in hashes that rise evenly."""
    path = tmp_path / "large.txt"
    line = "{:040X}:0000012\n"
    length = len(line.format(0))
    target = digest("in the large file")
    with path.open("wb") as file:
        count = 200_000
        step = (1 << 160) // count
        at = int(target, 16) // step
        for number in range(count):
            value = int(target, 16) if number == at else number * step
            file.write(line.format(value).encode())
    assert path.stat().st_size == count * length
    tracemalloc.start()
    assert is_in(path, "in the large file")
    assert not is_in(path, "not in the large file")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000, f"{peak} bytes for a file of {path.stat().st_size}."


def test_the_validator_refuses_and_survives_a_missing_file(tmp_path: Path) -> None:
    path = written(tmp_path, ["three-random-words"])
    with pytest.raises(ValidationError, match="found in a data breach"):
        NotBreached(str(path)).validate("three-random-words")
    NotBreached(str(path)).validate("three-other-words")
    NotBreached(str(tmp_path / "nowhere")).validate("three-random-words")
    NotBreached().validate("three-random-words")
