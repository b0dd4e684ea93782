"""`python -m ims_config.localdb stop|destroy|status FOLDER...`, for the Makefile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from .errors import LocalDatabaseError
from .server import destroy, status, stop


def _show(data_dir: Path) -> None:
    found = status(data_dir)
    port = f" on port {found.port}" if found.port else ""
    sys.stdout.write(f"{data_dir}: {found.state}{port}\n")


ACTIONS: dict[str, Callable[[Path], None]] = {"stop": stop, "destroy": destroy, "status": _show}


def main(arguments: list[str]) -> int:
    """Do one action to each folder; 0 when all went well, 1 when one did not, 2 for wrong usage."""
    action = ACTIONS.get(arguments[0]) if arguments else None
    if action is None:
        sys.stderr.write(f"usage: python -m ims_config.localdb {'|'.join(ACTIONS)} FOLDER...\n")
        return 2
    failed = 0
    for folder in arguments[1:]:
        try:
            action(Path(folder))
        except LocalDatabaseError as error:
            sys.stderr.write(f"{error.message}\n")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
