"""The processes of a running service, started together and stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

GUNICORN = (
    sys.executable, "-m", "gunicorn", "--config",
    str(Path(__file__).with_name("gunicorn_conf.py")), "ims_config.wsgi:application",
)  # fmt: skip
WORKER = (sys.executable, "-m", "ims_config.cli", "worker")
_GRACE_SECONDS = 25.0


def run_together(commands: Sequence[Sequence[str]], *, on_ready: Callable[[], None]) -> int:
    """Run the commands until Ctrl-C, SIGTERM or until one ends; then stop the others.

    Returns 0 when asked to stop, else 1. `on_ready` is called once the processes are started.
    """
    children: list[subprocess.Popen[bytes]] = []
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # After the handlers: asked to stop while they start, none of them may be left behind.
        for command in commands:
            children.append(subprocess.Popen(command, start_new_session=True))  # noqa: PERF401, S603
        on_ready()
        while not asked and all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        _stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if asked else 1


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
