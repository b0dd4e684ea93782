"""What the compose file says about the service is true of the service."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from ims_config import cli
from tests.architecture import reference
from tests.architecture.source import ROOT

FOLDER = ROOT / "docker"
TEXT = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if "build" in each}
SECRET = re.compile(r"PASSWORD|SECRET")


def test_the_service_is_migrated_checked_and_only_then_started() -> None:
    done = "service_completed_successfully"
    assert set(OURS) == {"migrate", "check", "web", "worker"}
    assert OURS["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert OURS["check"]["depends_on"] == {"migrate": {"condition": done}}
    for name in ("web", "worker"):
        assert OURS[name]["depends_on"] == {"check": {"condition": done}}


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_that_ims_has(name: str) -> None:
    parsed = cli.parser().parse_args(OURS[name]["command"])
    assert parsed.command == OURS[name]["command"][0]


@pytest.mark.parametrize("name", OURS)
def test_each_variable_is_one_that_the_service_reads(name: str) -> None:
    given = set(OURS[name]["environment"])
    assert given <= reference.settings()
    assert given <= set(reference.listed("reference/settings.md"))


@pytest.mark.parametrize("name", OURS)
def test_each_image_is_built_from_a_file_that_exists(name: str) -> None:
    build = OURS[name]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == FOLDER / "app.Dockerfile"


def test_files_of_ours_that_are_mounted_exist_and_cannot_be_written() -> None:
    mounted = [
        volume.split(":")
        for each in SERVICES.values()
        for volume in each["volumes"]
        if volume.startswith("..")
    ]
    assert len(mounted) == 3
    for source, _target, mode in mounted:
        assert (FOLDER / source).is_file(), source
        assert mode == "ro", source


def test_every_volume_is_declared() -> None:
    used = {
        volume.split(":")[0]
        for each in SERVICES.values()
        for volume in each["volumes"]
        if re.match(r"[a-z]", volume)
    }
    assert used == set(COMPOSE["volumes"])


def test_only_the_proxy_can_be_reached() -> None:
    assert {name for name, each in SERVICES.items() if "ports" in each} == {"proxy"}


def test_no_secret_is_written_down() -> None:
    for name, each in SERVICES.items():
        for variable, value in each.get("environment", {}).items():
            if SECRET.search(variable):
                assert re.fullmatch(r"\$\{[A-Z_]+(:\?[^}]*)?\}", value), f"{name}: {variable}"
    assert "//ims:${IMS_DATABASE_PASSWORD" in OURS["web"]["environment"]["DATABASE_URL"]


def test_what_a_person_must_set_is_asked_for_and_described() -> None:
    """A variable that is missing stops the start instead of being empty."""
    page = reference.page("how-to/deploy.md")
    names = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    assert names == {
        "POSTGRES_PASSWORD", "IMS_DATABASE_PASSWORD", "IMS_SECRET_KEY", "IMS_PUBLIC_HOST",
        "IMS_TLS_DIR", "IMS_KEY_ENCRYPTION_KEY",
    }  # fmt: skip
    for name in names:
        assert f"${{{name}:?" in TEXT, f"{name} may be left out unnoticed."
        assert f"`{name}`" in page, f"Describe {name} in docs/how-to/deploy.md."


def test_the_database_takes_the_locks_of_many_councils() -> None:
    assert "max_locks_per_transaction=1024" in SERVICES["database"]["command"]
