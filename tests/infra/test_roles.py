"""The role the service connects as, made on a real server and then used by the service."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from ims_config import localdb
from ims_config.localdb import cluster
from tests.architecture.source import ROOT, SOURCE_ROOTS

INIT = ROOT / "infra/postgres/init.sh"
ROLES = ROOT / "infra/postgres/roles.sql"
OWNER_PASSWORD = "invented-owner"
# A quotation mark, so that the file must quote; a percent sign, so that an address must.
PASSWORD = "inv'ented%41"


class Server:
    """A PostgreSQL of the test's own: roles belong to a whole server, not to a database."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self.port = url.rsplit(":", 1)[1].split("/", maxsplit=1)[0]
        self.superuser_password = cluster.password_of(data_dir)

    def run_as(
        self, user: str, password: str, database: str
    ) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=user, password=password, dbname=database,
            autocommit=True,
        )  # fmt: skip

    def environment(self, user: str, password: str) -> dict[str, str]:
        binaries = str(localdb.find_binaries())
        return os.environ | {
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": self.port,
            "PGUSER": user,
            "PGPASSWORD": password,
        }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    data_dir = tmp_path / "pg"
    made = Server(data_dir, localdb.ensure_running(data_dir, durable=False))
    superuser = made.run_as("postgres", made.superuser_password, "postgres")
    with superuser:
        # The local database's own role has the name that ours is to have.
        for command in (
            "DROP DATABASE ims",
            "DROP ROLE ims",
            f"CREATE ROLE owner LOGIN CREATEDB CREATEROLE PASSWORD '{OWNER_PASSWORD}'",
            "CREATE DATABASE ims OWNER owner",
            "CREATE ROLE stranger LOGIN PASSWORD 'stranger'",
        ):
            superuser.execute(sql.SQL(command))
    superuser.close()
    yield made
    localdb.destroy(data_dir)


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_role_of_the_compose_file_has_no_right_too_many(server: Server) -> None:
    environment = server.environment("postgres", server.superuser_password) | {
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "ims",
        "IMS_DATABASE_PASSWORD": PASSWORD,
        "IMS_ROLES": str(ROLES),
    }
    run(["sh", str(INIT)], environment)
    with server.run_as("ims", PASSWORD, "ims") as ours:
        rights = ours.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False,) * 5
        assert ours.execute("SHOW synchronous_commit").fetchone() == ("on",)
        ours.execute("CREATE SCHEMA t_northmoor")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ours.execute("COPY (SELECT 1) TO PROGRAM 'true'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        server.run_as("stranger", "stranger", "ims")


def test_on_a_managed_server_the_role_is_enough_for_the_whole_service(
    server: Server, tmp_path: Path
) -> None:
    """The first user of a managed server may make roles and is no superuser."""
    run(
        ["psql", "-d", "ims", "-v", "ON_ERROR_STOP=1", "-v", f"password={PASSWORD}", "-f",
         str(ROLES)],
        server.environment("owner", OWNER_PASSWORD),
    )  # fmt: skip
    environment = os.environ | {
        "PYTHONPATH": ":".join(str(ROOT / root) for root in SOURCE_ROOTS),
        "DATABASE_URL": f"postgresql://ims:{quote(PASSWORD)}@127.0.0.1:{server.port}/ims",
        "DJANGO_SETTINGS_MODULE": "ims_config.settings.production",
        "IMS_SECRET_KEY": "invented-for-a-test-and-long-enough-for-a-real-installation",
        "IMS_KEY_ENCRYPTION_KEY": "aW52ZW50ZWQga2V5IG9mIDMyIGJ5dGVzIGV4YWN0bHk=",
        "IMS_VAR_DIR": str(tmp_path / "var"),
    }
    ims = [sys.executable, "-m", "ims_config.cli"]
    run([*ims, "migrate"], environment)
    create = ["council", "create", "Northmoor District Council", "--host", "northmoor.example"]
    told = run([*ims, *create, "--starter", "district"], environment)
    assert "Northmoor District Council is ready at northmoor.example" in told
    assert "Every guard holds." in run([*ims, "check"], environment)
