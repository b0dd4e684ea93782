"""Processes that start together stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ims_config import processes

STAYS = "import time; time.sleep(60)"


def run(*scripts: str) -> subprocess.Popen[bytes]:
    """A process of its own that runs children together, so that signals reach only it."""
    code = (
        "import sys\nfrom ims_config import processes\n"
        f"commands = [[sys.executable, '-c', each] for each in {list(scripts)!r}]\n"
        "sys.exit(processes.run_together(commands, on_ready=list))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def says_its_number(path: Path) -> str:
    return f"import os, pathlib; pathlib.Path({str(path)!r}).write_text(str(os.getpid())); {STAYS}"


def is_running(path: Path) -> bool:
    return Path(f"/proc/{path.read_text()}/stat").exists()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)


def test_when_one_ends_the_others_are_stopped_and_it_is_a_failure(tmp_path: Path) -> None:
    number = tmp_path / "number"
    ends = (
        f"import pathlib, time\nwhile not pathlib.Path({str(number)!r}).exists(): time.sleep(.05)"
    )
    service = run(says_its_number(number), ends)
    assert service.wait(timeout=30) == 1
    assert not is_running(number)


def test_asked_to_stop_it_stops_them_all_and_all_is_well(tmp_path: Path) -> None:
    for number_of_signal in (signal.SIGTERM, signal.SIGINT):
        one, other = tmp_path / f"one{number_of_signal}", tmp_path / f"other{number_of_signal}"
        service = run(says_its_number(one), says_its_number(other))
        wait_for(one)
        wait_for(other)
        service.send_signal(number_of_signal)
        assert service.wait(timeout=30) == 0
        assert not is_running(one)
        assert not is_running(other)


def test_what_does_not_stop_is_stopped_by_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tmp_path / "number"
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + says_its_number(
        number
    )
    child = subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True)
    wait_for(number)
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.3)
    processes._stop([child])
    assert child.wait(timeout=10) == -signal.SIGKILL


def test_the_signals_of_the_caller_are_given_back() -> None:
    assert threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    assert processes.run_together([[sys.executable, "-c", ""]], on_ready=list) == 1  # type: ignore[arg-type]
    assert signal.getsignal(signal.SIGTERM) == before
