"""The local database as its callers meet it: real servers, each in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ims_config import localdb
from ims_config.localdb import binaries, cluster, errors
from ims_config.localdb.postmaster import Holder, find
from ims_config.localdb.processes import command_of, unprivileged_account

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
SLEEP_S = 60


@pytest.fixture(scope="session", autouse=True)
def system_dir() -> Iterator[Path]:
    """Open to every account, as /var/lib is; pytest's own folders are closed to all but one."""
    with (
        tempfile.TemporaryDirectory(prefix="ims-localdb-") as name,
        pytest.MonkeyPatch.context() as m,
    ):
        Path(name).chmod(0o755)
        m.setattr(binaries, "SYSTEM_DIR", Path(name))
        yield Path(name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "pg"
    yield folder
    localdb.destroy(folder)


@pytest.fixture
def running(data_dir: Path) -> str:
    return localdb.ensure_running(data_dir, durable=False)


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory, system_dir: Path) -> Iterator[Path]:
    """One running server for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("shared") / "pg"
    localdb.ensure_running(folder, durable=False)
    yield folder
    localdb.destroy(folder)


@pytest.fixture
def shared(shared_dir: Path) -> str:
    return localdb.ensure_running(shared_dir)


def ask(url: str, question: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_start_makes_a_database_that_sorts_and_matches_alike_everywhere(shared: str) -> None:
    assert ask(shared, "SHOW server_encoding") == "UTF8"
    assert ask(shared, "SHOW timezone") == "UTC"
    assert ask(shared, "SHOW max_locks_per_transaction") == "1024"
    assert ask(shared, "SELECT upper('siân')") == "SIÂN"
    assert (
        ask(shared, "SELECT datlocale FROM pg_database WHERE datname = current_database()")
        == "C.UTF-8"
    )


def test_the_role_is_no_superuser_but_may_make_databases(shared: str) -> None:
    assert ask(shared, "SELECT current_user") == "ims"
    assert ask(shared, "SELECT rolsuper FROM pg_roles WHERE rolname = 'ims'") == "False"
    assert ask(shared, "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'ims'") == "True"


def test_the_password_is_needed_and_private(shared: str, shared_dir: Path) -> None:
    assert stat.S_IMODE((shared_dir / "password").stat().st_mode) == 0o600
    password = (shared_dir / "password").read_text().strip()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(shared.replace(password, "guess"))


def test_durable_decides_what_survives_a_power_cut_at_each_start(data_dir: Path) -> None:
    for durable, expected in ((False, "off"), (True, "on")):
        url = localdb.ensure_running(data_dir, durable=durable)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(url, f"SHOW {setting}") == expected
        localdb.stop(data_dir)


def test_a_second_call_reuses_the_server_in_an_instant(shared: str, shared_dir: Path) -> None:
    pid = localdb.status(shared_dir).pid
    began = time.perf_counter()
    again = localdb.ensure_running(shared_dir)
    took_s = time.perf_counter() - began
    assert again == shared
    assert localdb.status(shared_dir).pid == pid
    assert took_s < 0.2


def test_a_restart_keeps_the_data(running: str, data_dir: Path) -> None:
    with psycopg.connect(running) as connection:
        connection.execute("CREATE TABLE kept (pence bigint)")
        connection.execute("INSERT INTO kept VALUES (1234)")
    localdb.stop(data_dir)
    assert ask(localdb.ensure_running(data_dir), "SELECT pence FROM kept") == "1234"


def test_stop_is_clean_and_may_be_repeated(running: str, data_dir: Path) -> None:
    idle = psycopg.connect(running)
    localdb.stop(data_dir)
    idle.close()
    assert localdb.status(data_dir) == localdb.Status("stopped")
    assert not (cluster.cluster_dir(data_dir) / "postmaster.pid").exists()
    log = (cluster.cluster_dir(data_dir) / "server.log").read_text()
    assert "database system is shut down" in log
    localdb.stop(data_dir)


def test_stop_and_status_of_nothing(tmp_path: Path) -> None:
    localdb.stop(tmp_path / "none")
    assert localdb.status(tmp_path / "none") == localdb.Status("absent")
    assert not (tmp_path / "none").exists()


def test_after_a_kill_the_left_over_file_is_cleared_and_committed_data_is_there(
    data_dir: Path,
) -> None:
    url = localdb.ensure_running(data_dir, durable=True)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 5 AS lines")
    folder = cluster.cluster_dir(data_dir)
    pid = find(folder).pid
    os.kill(pid, signal.SIGKILL)
    while command_of(pid) is not None:
        time.sleep(0.01)
    assert find(folder).holder is Holder.LEFT_OVER
    assert localdb.status(data_dir) == localdb.Status("stopped")
    assert ask(localdb.ensure_running(data_dir), "SELECT lines FROM kept") == "5"


def test_a_number_used_again_by_another_program_does_not_stop_the_start(
    running: str, data_dir: Path
) -> None:
    localdb.stop(data_dir)
    folder = cluster.cluster_dir(data_dir)
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n1\n5432\n\n127.0.0.1\n")
    assert find(folder).holder is Holder.LEFT_OVER
    assert ask(localdb.ensure_running(data_dir), "SELECT 1") == "1"


def test_a_live_postgres_of_another_folder_is_named_and_left_alone(
    running: str, data_dir: Path, shared: str, shared_dir: Path
) -> None:
    pid = localdb.status(shared_dir).pid
    localdb.stop(data_dir)
    folder = cluster.cluster_dir(data_dir)
    (folder / "postmaster.pid").write_text(f"{pid}\n{folder}\n1\n5432\n\n127.0.0.1\n")
    with pytest.raises(errors.HeldByAnotherProcess, match=f"process {pid} is using it"):
        localdb.ensure_running(data_dir)
    localdb.stop(data_dir)
    assert localdb.status(shared_dir).pid == pid
    assert ask(shared, "SELECT 1") == "1"


def test_data_of_another_version_is_refused_in_plain_words(running: str, data_dir: Path) -> None:
    localdb.stop(data_dir)
    (cluster.cluster_dir(data_dir) / "PG_VERSION").write_text("15\n")
    with pytest.raises(errors.MadeByAnotherVersion) as caught:
        localdb.ensure_running(data_dir)
    assert "was made by PostgreSQL 15" in caught.value.message
    assert "pg_dump" in caught.value.message
    assert caught.value.facts["found"] == "15"


@pytest.mark.parametrize("lost", ["password", "cluster/PG_VERSION"])
def test_a_folder_with_a_piece_missing_is_not_overwritten(
    running: str, data_dir: Path, lost: str
) -> None:
    localdb.stop(data_dir)
    (data_dir / lost).unlink()
    with pytest.raises(errors.NotADatabase, match=f"{lost} is missing"):
        localdb.ensure_running(data_dir)


def test_a_start_that_fails_shows_the_end_of_the_log(running: str, data_dir: Path) -> None:
    localdb.stop(data_dir)
    (cluster.cluster_dir(data_dir) / "global" / "pg_control").unlink()
    with pytest.raises(errors.StartFailed, match="pg_control"):
        localdb.ensure_running(data_dir)
    assert localdb.status(data_dir) == localdb.Status("stopped")


def test_a_port_taken_at_the_last_moment_costs_another_try(
    shared: str, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = localdb.status(shared_dir).port
    second = tmp_path / "second"
    offered = iter([taken, localdb.server._free_port()])
    monkeypatch.setattr(localdb.server, "_free_port", lambda: next(offered))
    try:
        url = localdb.ensure_running(second, durable=False)
        assert f":{taken}/" not in url
        assert ask(url, "SELECT 1") == "1"
    finally:
        localdb.destroy(second)


def test_ports_taken_again_and_again_are_explained(
    shared: str, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = localdb.status(shared_dir).port
    second = tmp_path / "second"
    monkeypatch.setattr(localdb.server, "_free_port", lambda: taken)
    try:
        with pytest.raises(errors.PortTaken, match="taken by other programs"):
            localdb.ensure_running(second, durable=False)
    finally:
        localdb.destroy(second)


def test_two_at_once_get_one_server(data_dir: Path, system_dir: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from ims_config import localdb\n"
        "from ims_config.localdb import binaries\n"
        "binaries.SYSTEM_DIR = pathlib.Path(sys.argv[2])\n"
        "sys.stdout.write(localdb.ensure_running(pathlib.Path(sys.argv[1]), durable=False))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(data_dir), str(system_dir)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(3)
    ]
    urls = {starter.communicate(timeout=SLEEP_S)[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT 1") == "1"


def test_a_half_made_database_is_made_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(cluster, "_make_role_and_database", power_cut)
        with pytest.raises(KeyboardInterrupt):
            localdb.ensure_running(data_dir)
    assert localdb.status(data_dir) == localdb.Status("absent")
    assert ask(localdb.ensure_running(data_dir), "SELECT 1") == "1"


def test_destroy_leaves_nothing(data_dir: Path, system_dir: Path) -> None:
    localdb.ensure_running(data_dir, durable=False)
    place = cluster.cluster_dir(data_dir).parent
    localdb.destroy(data_dir)
    assert not data_dir.exists()
    assert not place.exists()


def test_missing_binaries_say_what_to_install(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(errors.BinariesMissing, match="set DATABASE_URL"):
        localdb.ensure_running(data_dir)


@as_root
def test_root_runs_the_server_as_an_unprivileged_account(shared: str, shared_dir: Path) -> None:
    account = unprivileged_account()
    assert account is not None
    pid = localdb.status(shared_dir).pid
    assert Path(f"/proc/{pid}").stat().st_uid == account.uid


@as_root
def test_below_a_closed_folder_programs_and_data_live_where_the_server_can_reach(
    tmp_path: Path, system_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = binaries.find_binaries().parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        (closed / part.name).symlink_to(part)
    programs = closed / package.name / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "find_binaries", lambda: programs)
    data_dir = closed / "pg"
    try:
        assert ask(localdb.ensure_running(data_dir, durable=False), "SELECT 1") == "1"
        pid = localdb.status(data_dir).pid
        assert pid is not None
        assert (command_of(pid) or "").startswith(str(system_dir))
        assert cluster.cluster_dir(data_dir).is_relative_to(system_dir)
        localdb.stop(data_dir)
        assert ask(localdb.ensure_running(data_dir, durable=False), "SELECT 2") == "2"
    finally:
        localdb.destroy(data_dir)


@as_root
def test_without_an_account_to_become_root_is_told_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(localdb.processes, "CANDIDATES", ("no-such-account",))
    with pytest.raises(errors.NoUnprivilegedAccount, match="refuses to run as root"):
        localdb.ensure_running(data_dir)


def test_data_of_somebody_else_is_explained(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(localdb.server, "find", refuse)
    with pytest.raises(errors.DataOfAnotherAccount, match="belongs to another user"):
        localdb.ensure_running(data_dir)
    monkeypatch.undo()
