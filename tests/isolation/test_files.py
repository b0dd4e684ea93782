"""No path leads out of a council's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ims_kernel import files
from ims_kernel.scope import scope_id
from ims_tenants.current import enter
from ims_tenants.models import Council

CANARY = b"CANARY-EASTSHIRE-7f3a"

# Pieces that lead up, sideways, nowhere or to another name for the same place.
_PIECES = st.sampled_from(
    [
        "..", ".", "/", "//", "\\", "..\\", "\x00", "%2e%2e", "%2f", "~",
        "\uff0e\uff0e", "\u2215", "\uff0f",
        "imports", "public", "etc", "passwd", "*", "\n", " ", "C:", "a" * 300,
    ]
)  # fmt: skip


@pytest.fixture
def theirs(eastshire: Council) -> str:
    with enter(eastshire):
        return files.save("imports", [CANARY]).path


def test_a_council_reads_its_own(northmoor: Council) -> None:
    with enter(northmoor):
        stored = files.save("imports", [b"our ", b"lines"])
        with files.open_stored(stored.path) as stream:
            assert stream.read() == b"our lines"
        assert stored.path.startswith(f"{northmoor.uuid}/imports/")


def test_the_path_of_another_council_s_file_is_no_file(northmoor: Council, theirs: str) -> None:
    with enter(northmoor):
        ours = files.save("imports", [b"x"]).path
        for path in (
            theirs, f"/{theirs}", f"./{theirs}", f"{northmoor.uuid}/../{theirs}",
            f"{ours}/../../../{theirs}", f"{northmoor.uuid}/imports/../../{theirs}",
        ):  # fmt: skip
            with pytest.raises(files.FileMissing):
                files.open_stored(path)
            with pytest.raises(files.FileMissing):
                files.delete(path)


def test_a_link_that_leads_out_is_not_followed(
    northmoor: Council, theirs: str, own_files: Path
) -> None:
    with enter(northmoor):
        ours = own_files / files.save("imports", [b"x"]).path
        link = ours.with_name("link")
        link.symlink_to(own_files / theirs)
        with pytest.raises(files.FileMissing):
            files.open_stored(str(link.relative_to(own_files)))


def test_outside_any_council_there_is_no_council_s_file(theirs: str) -> None:
    assert scope_id() == "public"
    with pytest.raises(files.FileMissing):
        files.open_stored(theirs)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=8), data=st.data())
def test_no_path_whatever_leaves_the_council_s_folder(
    northmoor: Council, theirs: str, own_files: Path, pieces: list[str], data: st.DataObject
) -> None:
    before = data.draw(st.sampled_from(["", f"{northmoor.uuid}/", f"{northmoor.uuid}/imports/"]))
    joint = data.draw(st.sampled_from(["/", ""]))
    path = before + joint.join([*pieces, *data.draw(st.sampled_from([[], [theirs]]))])
    with enter(northmoor):
        folder = (own_files / scope_id()).resolve()
        try:
            with files.open_stored(path) as stream:
                assert Path(stream.name).resolve().is_relative_to(folder)
                assert CANARY not in stream.read()
        except files.FileMissing as refused:
            assert "is not there" in refused.message  # noqa: PT017 - refused is right as well


def test_a_file_that_fails_half_way_leaves_nothing(northmoor: Council, own_files: Path) -> None:
    def chunks() -> object:
        yield b"first"
        raise OSError("The connection is gone.")

    with enter(northmoor):
        with pytest.raises(OSError, match="is gone"):
            files.save("imports", chunks())  # type: ignore[arg-type]
        with pytest.raises(files.FileTooLarge, match="smaller than 1MB"):
            files.save("imports", [b"x" * (1024 * 1024 + 1)], max_bytes=1024 * 1024)
    assert [path for path in own_files.rglob("*") if path.is_file()] == []
