"""Where stored files go, and that an installed package does not choose a place by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from ims_config import env


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMS_VAR_DIR", raising=False)
    monkeypatch.setenv("IMS_SECRET_KEY", "invented-for-this-test")


def test_a_checkout_keeps_its_files_in_var() -> None:
    assert env.read().var_dir == env.ROOT / ".var"


def test_a_named_folder_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMS_VAR_DIR", str(tmp_path))
    assert env.read().var_dir == tmp_path


def test_a_relative_folder_means_the_same_wherever_the_process_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMS_VAR_DIR", "kept")
    assert env.read().var_dir == tmp_path / "kept"


def test_an_installed_package_asks_for_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(env, "ROOT", tmp_path)
    with pytest.raises(env.NoFolderNamed, match="Set IMS_VAR_DIR"):
        env.read()
    assert list(tmp_path.iterdir()) == []
