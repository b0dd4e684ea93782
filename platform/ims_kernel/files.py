"""Private files, kept apart by council.

A file's name is ours and random; what a person called it is data elsewhere. Paths are relative,
`<council>/<folder>/<name>`, and a path that leads out of the council at hand is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from ims_kernel.errors import ImsError, NotFound
from ims_kernel.scope import scope_id


class FileTooLarge(ImsError):
    """The file is larger than is allowed."""

    code = "files.too_large"


class FileMissing(NotFound):
    """The file is not there, or belongs to another council."""

    code = "files.missing"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file: its path for `open_stored`, SHA-256 in hex, and size in bytes."""

    path: str
    sha256: str
    size: int


def save(folder: str, chunks: Iterable[bytes], *, max_bytes: int | None = None) -> StoredFile:
    """Store the chunks for the council at hand; nothing is left behind when it fails.

    Raises FileTooLarge as soon as more than `max_bytes` have come.
    """
    relative = f"{scope_id()}/{folder}/{uuid.uuid4().hex}"
    target = _root() / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if max_bytes is not None and size > max_bytes:
                    raise FileTooLarge(
                        f"The selected file must be smaller than {max_bytes // (1024 * 1024)}MB. "
                        "Ask the bank for one file for each day, or for each account."
                    )
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return StoredFile(relative, digest.hexdigest(), size)


def open_stored(path: str) -> BinaryIO:
    """The file, open for reading bytes. Raises FileMissing, also for another council's path."""
    return _inside(path).open("rb")


def delete(path: str) -> None:
    """Remove a stored file that nothing points at any more."""
    _inside(path).unlink(missing_ok=True)


def delete_older(folder: str, *, before: datetime) -> None:
    """Remove the files of a folder of the council at hand that were stored before an instant."""
    inside = _root() / scope_id() / folder
    for found in inside.iterdir() if inside.is_dir() else ():
        # Another process may remove the same file at the same moment.
        with contextlib.suppress(FileNotFoundError):
            if found.stat().st_mtime < before.timestamp():
                found.unlink()


def _root() -> Path:
    return Path(settings.IMS_FILES_DIR)


def _inside(path: str) -> Path:
    own = (_root() / scope_id()).resolve()
    try:
        found = (_root() / path).resolve()
        is_there = found.is_relative_to(own) and found.is_file()
    except (OSError, ValueError):
        is_there = False  # Too long for the file system, or with a NUL: no path of ours.
    if not is_there:
        raise FileMissing("This file is not there any more. Tell your support contact.")
    return found
