"""Starter packs: what a new council begins with, one TOML file each."""

from __future__ import annotations

from pathlib import Path

from ims_kernel.errors import NotFound

_FOLDER = Path(__file__).resolve().parent


class StarterNotFound(NotFound):
    """There is no starter pack of this name."""

    code = "config.starter_not_found"


def names() -> list[str]:
    """The names of the packs, such as `district`."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(name: str) -> bytes:
    """The pack of this name, for services.NewCouncil. Raises StarterNotFound."""
    if name not in names():
        raise StarterNotFound(
            f"There is no starter pack “{name[:40]}”. There are: {', '.join(names())}. "
            "Or name a TOML file.",
            starter=name[:40],
        )
    return (_FOLDER / f"{name}.toml").read_bytes()
