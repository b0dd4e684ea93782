"""The Terraform files, read and planned by Terraform itself: no account, no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

FOLDER = ROOT / "terraform"
ENVIRONMENTS = sorted(path.parent for path in FOLDER.glob("environments/*/main.tf"))
# Where a provider may lie ready on a machine: Terraform's own places, and an image's.
MIRRORS = (
    Path.home() / ".terraform.d/plugins",
    Path("/usr/local/share/terraform/plugins"),
    Path("/usr/share/terraform/plugins"),
    *sorted(Path("/opt").glob("*")),
)

needs_terraform = pytest.mark.skipif(
    shutil.which("terraform") is None, reason="terraform is not installed"
)


def mirror() -> Path | None:
    """A folder with the AWS provider in it, so that nothing is fetched."""
    return next((each for each in MIRRORS if any(each.glob("*/hashicorp/aws/5.*/*"))), None)


def terraform(*arguments: str, cwd: Path, **variables: str) -> str:
    done = subprocess.run(
        ["terraform", *arguments], cwd=cwd, env=os.environ | variables, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_terraform
def test_the_files_are_formatted(tmp_path: Path) -> None:
    terraform("fmt", "-check", "-recursive", "-diff", cwd=FOLDER, **quiet(tmp_path))


@needs_terraform
@pytest.mark.skipif(mirror() is None, reason="the AWS provider is not on this machine")
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.name)
def test_an_environment_is_valid_and_passes_its_tests(environment: Path, tmp_path: Path) -> None:
    copy = tmp_path / "terraform"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    here = copy / environment.relative_to(FOLDER)
    variables = quiet(tmp_path)
    terraform("init", "-backend=false", "-input=false", cwd=here, **variables)
    terraform("validate", cwd=here, **variables)
    told = terraform("test", "-no-color", cwd=here, **variables)
    passed = re.search(r"^Success! (\d+) passed, 0 failed", told, re.MULTILINE)
    assert passed is not None, told
    assert int(passed.group(1)) > 0


def quiet(tmp_path: Path) -> dict[str, str]:
    """Only this machine is asked: neither for a newer Terraform nor for a provider."""
    settings = tmp_path / "terraform.rc"
    settings.write_text(
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path    = "{mirror() or tmp_path}"\n'
        '    include = ["*/*/*"]\n'
        "  }\n"
        "}\n",
        encoding="utf-8",
    )
    return {"TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}


def test_there_is_an_environment() -> None:
    assert [path.name for path in ENVIRONMENTS] == ["sandbox"]


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.tf")), ids=lambda path: path.name)
def test_no_password_and_no_account_is_written_down(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(password|access_key|secret_key)\s*=", text, re.MULTILINE)
    assert not re.search(r"\b\d{12}\b", text), "An account number."


def test_every_provider_is_the_pinned_one() -> None:
    for path in FOLDER.rglob("*.tf"):
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"required_providers \{(.+?)\n  \}", text, re.DOTALL):
            assert re.findall(r'"(hashicorp/\w+)"', block) == ["hashicorp/aws"], path
            assert re.findall(r'version\s*=\s*"([^"]+)"', block) == ["~> 5.100"], path
