"""`ims`: what each command answers people and machines, and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ims.exports.selectors import list_layouts
from ims.imports.models import ImportFile
from ims_config import cli
from ims_config.demo.bank_files import BankLine, write_lloyds_csv
from ims_kernel import clock
from ims_kernel.identity.errors import InvitationRefused
from ims_kernel.identity.models import User
from ims_kernel.identity.people import accept
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import make_user
from tests.councils import NORTHMOOR_HOST
from tests.factories.money import Payment, account_of, day, first_fund, take

Ims = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ims(capsys: pytest.CaptureFixture[str]) -> Ims:
    """Run a command; gives its exit code and what it wrote to both outputs."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def machine(said: str) -> Any:
    """The one JSON document of an answer."""
    (line,) = said.splitlines()
    return json.loads(line)


def bank_file(council: Council, folder: Path, name: str = "morning.csv") -> Path:
    with enter(council):
        account = account_of(first_fund())
    write_lloyds_csv(
        folder / name,
        [
            BankLine(day(1), 12_345, "A WINTERBOURNE", account, "THANKS"),
            BankLine(day(1), 5_000, "B NIGHTINGALE", "", "NO IDEA"),
        ],
    )
    return folder / name


# --- the command itself ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        [], ["no-such-command"], ["council"], ["council", "create"], ["council", "create", "X"],
        ["council", "step", "northmoor", "explode"], ["import", "northmoor"], ["usage", "x", "y"],
        ["user", "create", "northmoor", "a@example.org"], ["export", "northmoor", "layout"],
    ],
)  # fmt: skip
def test_a_wrong_command_is_two_and_shows_how(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: ims" in capsys.readouterr().err


# --- councils and people --------------------------------------------------------------------------
def test_a_council_is_made_listed_and_moved_on(northmoor: Council, ims: Ims) -> None:
    code, out, _ = ims(
        "council", "create", "Westwick Council", "--host", "westwick.example", "--starter",
        "district", "--json",
    )  # fmt: skip
    made = machine(out)
    assert (code, made["host"], made["state"]) == (0, "westwick.example", "onboarding")
    assert Council.objects.get(name="Westwick Council").schema_name == made["schema"]

    code, out, _ = ims("council", "step", "westwick", "go_live", "--json")
    assert (code, machine(out)) == (0, {"name": "Westwick Council", "state": "live"})

    code, out, _ = ims("council", "list", "--json")
    names = [council["name"] for council in machine(out)["councils"]]
    assert (code, names) == (
        0, ["Eastshire Council", "Northmoor District Council", "Westwick Council"],
    )  # fmt: skip
    code, out, _ = ims("council", "list")
    assert code == 0
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["council", "create", "X", "--host", "no host"], "tenants.host_unusable", "host name"),
        (["council", "create", "", "--host", "x.example"], "tenants.name_unusable", "name"),
        (["council", "create", "X", "--host", NORTHMOOR_HOST], "tenants.name_taken", "already"),
        (
            ["council", "create", "X", "--host", "x.example", "--starter", "nowhere"],
            "config.starter_not_found",
            "There are: county, district, unitary",
        ),
        (
            ["council", "create", "X", "--host", "x.example", "--colour", "#ffff00"],
            "web.colour_too_pale",
            "darker",
        ),
        (["council", "step", "nowhere", "close"], "tenants.council_not_found", "ims council list"),
        (["council", "step", "northmoor", "resume"], "tenants.step_refused", "cannot resume"),
        (["import", "northmoor", "/no/such/file"], "cli.not_a_file", "no file"),
        (["verify"], "ims.not_found", "--all"),
        (
            ["user", "create", "northmoor", "a@example.org", "--name", "A", "--role", "King"],
            "identity.role_not_found",
            "King",
        ),
    ],
)
def test_what_is_refused_is_one_with_the_reason(
    northmoor: Council, ims: Ims, arguments: list[str], error: str, words: str
) -> None:
    before = Council.objects.count()
    code, out, err = ims(*arguments)
    assert (code, out) == (1, "")
    assert words in err
    assert "Traceback" not in err
    code, out, _ = ims(*arguments, "--json")
    assert (code, machine(out)["error"]) == (1, error)
    assert Council.objects.count() == before


def test_a_starter_pack_that_cannot_be_read_is_refused_in_words(
    northmoor: Council, ims: Ims, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text("[money\nvat_rounding = 'half_up'\n")
    code, _, err = ims("council", "create", "X", "--host", "x.example", "--starter", str(pack))
    assert code == 1
    assert "is not TOML" in err
    assert "line 1" in err


def test_a_person_is_made_with_a_password_shown_once(northmoor: Council, ims: Ims) -> None:
    with enter(northmoor):
        role = make_user().grants.get().role.name
    code, out, _ = ims(
        "user", "create", "northmoor", "Priya@Example.org", "--name", "Priya", "--role", role,
        "--json",
    )  # fmt: skip
    made = machine(out)
    assert (code, made["email"]) == (0, "priya@example.org")
    with enter(northmoor):
        assert User.objects.get(email="priya@example.org").check_password(made["password"])


def test_a_person_is_invited_by_a_link_on_the_councils_own_host(
    northmoor: Council, eastshire: Council, ims: Ims
) -> None:
    code, out, _ = ims(
        "user", "invite", "northmoor", "nia@example.org", "--name", "Nia", "--role", "Auditor",
        "--json",
    )  # fmt: skip
    made = machine(out)
    token = made["link"].rsplit("/", 1)[1]
    assert (code, "//northmoor.example" in made["link"]) == (0, True)
    with enter(eastshire), pytest.raises(InvitationRefused):
        accept(token, "seven-green-kettles", at=clock.now())
    with enter(northmoor):
        user = accept(token, "seven-green-kettles", at=clock.now())
        assert user.grants.get().role.name == "Auditor"
    code, _, err = ims("user", "invite", "northmoor", "a@b.org", "--name", "A", "--role", "No")
    assert (code, "There is no role “No”" in err) == (1, True)


# --- money ----------------------------------------------------------------------------------------
def test_a_file_is_read_then_posted_once(northmoor: Council, ims: Ims, tmp_path: Path) -> None:
    path = bank_file(northmoor, tmp_path)
    code, out, _ = ims("import", "northmoor", str(path), "--post", "--json")
    done = machine(out)
    assert code == 0
    assert done["state"] == "posted"
    assert (done["posted_count"], done["parked_count"], done["rejected_count"]) == (1, 1, 0)
    assert done["posted_pence"] + done["parked_pence"] == done["total_pence"] == 17_345

    renamed = path.rename(tmp_path / "renamed.csv")
    code, out, err = ims("import", "northmoor", str(renamed), "--post")
    assert (code, out) == (1, "")
    assert "Nothing was imported twice" in err
    with enter(northmoor):
        assert ImportFile.objects.count() == 1


def test_a_file_that_is_no_bank_file_is_refused_with_the_reason(
    northmoor: Council, ims: Ims, tmp_path: Path
) -> None:
    path = tmp_path / "holiday.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    code, out, _ = ims("import", "northmoor", str(path), "--json")
    done = machine(out)
    assert code == 1
    assert (done["state"], done["row_count"]) == ("rejected", 0)
    assert done["refusal"]


def test_a_ledger_file_is_written_to_a_folder_that_is_made(
    northmoor: Council, ims: Ims, tmp_path: Path
) -> None:
    with enter(northmoor):
        take(Payment(amount_pence=700), Payment(amount_pence=300, parked=True))
        layout = list_layouts()[0].code
    folder = tmp_path / "to" / "ledger"
    code, out, _ = ims("export", "northmoor", layout, "--out", str(folder), "--json")
    done = machine(out)
    assert (code, done["line_count"], done["net_pence"]) == (0, 2, 1_000)
    assert Path(done["file"]).parent == folder
    assert Path(done["file"]).stat().st_size > 0
    code, _, err = ims("export", "northmoor", layout, "--out", str(folder))
    assert code == 1
    assert err
    code, _, err = ims("export", "northmoor", "no-such-layout", "--out", str(folder))
    assert code == 1
    assert "no-such-layout" in err


def test_books_that_agree_are_nought(
    northmoor: Council, eastshire: Council, ims: Ims, tmp_path: Path
) -> None:
    ims("import", "northmoor", str(bank_file(northmoor, tmp_path)), "--post")
    for arguments in (["northmoor"], ["--all"]):
        code, out, _ = ims("verify", *arguments, "--json")
        assert (code, machine(out)["problems"]) == (0, 0)
    assert {proof["council"] for proof in machine(out)["proofs"]} == {
        "Northmoor District Council", "Eastshire Council", "public",
    }  # fmt: skip
    code, out, _ = ims("verify", "public", "--json")
    (trail,) = machine(out)["proofs"]
    assert (code, trail["proof"], trail["problem"]) == (0, "The audit trail is whole", "")


def test_books_that_were_tampered_with_are_three_and_the_row_is_named(
    northmoor: Council, ims: Ims, tmp_path: Path
) -> None:
    ims("import", "northmoor", str(bank_file(northmoor, tmp_path)), "--post")
    with enter(northmoor), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_line DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_line SET account_reference = 'STOLEN' WHERE position = 1")
        cursor.execute("SELECT min(entry_id) FROM ledger_line")
        (first,) = cursor.fetchone()
    code, out, _ = ims("verify", "northmoor", "--json")
    answer = machine(out)
    assert (code, answer["problems"] > 0) == (3, True)
    assert [p for p in answer["proofs"] if p["problem"] and str(first) in p["problem"]]
    code, out, _ = ims("verify", "northmoor")
    assert code == 3


# --- the platform ---------------------------------------------------------------------------------
def test_migrating_with_nothing_to_do_says_so(
    northmoor: Council, eastshire: Council, ims: Ims
) -> None:
    code, out, _ = ims("migrate", "--json")
    assert (code, machine(out)) == (0, {"current": 2, "migrated": [], "failed": {}})


def test_what_was_used_is_counted_for_each_council(northmoor: Council, ims: Ims) -> None:
    with enter(northmoor):
        take(Payment())
    today = day(0).isoformat()
    code, out, _ = ims("usage", today, today, "--json")
    assert code == 0
    counted = [u for u in machine(out)["usage"] if u["council"] == "Northmoor District Council"]
    assert sum(u["count"] for u in counted) > 0


def test_a_database_that_is_down_is_one_in_words(dead_port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ims_config.cli", "council", "list"],
        env={
            **os.environ,
            "DATABASE_URL": f"postgresql://ims:secret@127.0.0.1:{dead_port}/ims",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "The database does not answer" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
