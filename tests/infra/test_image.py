"""What the image is built from is there, and what is built holds every file of the service."""

from __future__ import annotations

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

from ims_config.assets import COPIES, STYLES
from tests.architecture.source import ROOT, SOURCE_ROOTS

DOCKERFILE = (ROOT / "docker/app.Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FRONTEND = "ims_kernel/web/frontend/"
BUILD = "ims_kernel/web/static/build/"


def instructions(word: str) -> list[str]:
    return re.findall(rf"^{word} +(.+)$", DOCKERFILE, re.MULTILINE)


def test_everything_copied_exists_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        source
        for each in instructions("COPY")
        if "--from" not in each
        for source in each.split()[:-1]
    ]
    assert "requirements/" in copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert not any(fnmatch(source.rstrip("/"), each) for each in ignored), source


def test_no_secret_file_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".var", "**/.env", "**/node_modules"} <= set(ignored)


def test_the_service_does_not_run_as_root() -> None:
    assert instructions("USER")[-1] == "10001"


def test_the_image_runs_the_projects_command_with_real_settings() -> None:
    assert instructions("ENTRYPOINT") == ['["ims"]']
    assert "ims" in PROJECT["project"]["scripts"]
    assert "DJANGO_SETTINGS_MODULE=ims_config.settings.production" in instructions("ENV")[-1]


def test_packages_are_the_locked_ones() -> None:
    for line in DOCKERFILE.splitlines():
        if "pip install" in line and "wheels/*.whl" not in line:
            assert "--require-hashes" in line, line


@pytest.mark.parametrize("with_gitignore", [True, False], ids=["checkout", "image"])
def test_the_wheel_holds_every_file_and_the_built_styles(with_gitignore: bool) -> None:
    """In the image there is no .gitignore, so what it keeps out must be kept out otherwise."""
    listed = subprocess.run(
        ["git", "ls-files", *SOURCE_ROOTS], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("Not a git checkout: there is no list of committed files.")
    wanted = {name.split("/", 1)[1] for name in listed.stdout.splitlines()}
    wanted = {name for name in wanted if not name.startswith(FRONTEND)}
    wanted |= {BUILD + name for name in [*COPIES.values(), STYLES]}

    builder = WheelBuilder(str(ROOT))
    builder.config.build_config["ignore-vcs"] = not with_gitignore
    found = {each.distribution_path for each in builder.recurse_included_files()}

    assert wanted <= found, f"Missing: {sorted(wanted - found)[:10]}"
    strange = ("node_modules", "__pycache__", ".stamp", ".lock")
    assert not {name for name in found if any(part in name for part in strange)}
    assert not {name for name in found if name.startswith(FRONTEND)}
