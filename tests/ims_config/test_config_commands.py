"""`ims config`: export, apply, and what is refused with its line and field."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from ims.funds.models import CostCentre, Fund
from ims_config import starters
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.configuration import document, writing
from ims_tenants.current import enter, training_council
from ims_tenants.models import Council
from ims_tenants.services import NewCouncil, create_council
from tests.architecture.source import ROOT
from tests.councils import OPERATOR
from tests.ims_config.test_cli import Ims, ims, machine

__all__ = ["ims"]

SCHEMA = ROOT / "docs" / "reference" / "configuration-schema.json"
FILE = """schema = 1

[[cost-centres]]
code = "X1"
name = "Parks"

[[methods]]
code = "CARD"
name = "Debit card"
purpose = "card"
control_code = "9100"
"""


def written(folder: Path, text: str | bytes, name: str = "settings.toml") -> str:
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.fixture(params=["county", "district", "unitary"])
def shipped(request: pytest.FixtureRequest, northmoor: Council, eastshire: Council) -> Council:
    """A council made from a pack we ship."""
    new = NewCouncil(
        "Westwick Council", "westwick.example", starter=starters.load(str(request.param))
    )
    return create_council(new, actor=OPERATOR, at=clock.now())


def test_what_a_council_exports_it_applies_and_nothing_changes(
    shipped: Council, ims: Ims, tmp_path: Path
) -> None:
    file = str(tmp_path / "westwick.toml")
    assert ims("config", "export", "westwick", file)[0] == 0
    text = Path(file).read_text(encoding="utf-8")
    jsonschema.validate(tomllib.loads(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    with enter(shipped):
        events = AuditEvent.objects.count()
    for more in (["--dry-run"], []):
        code, out, _ = ims("config", "apply", "westwick", file, *more, "--json")
        said = machine(out)
        assert (code, said["changes"], said["not_in_file"]) == (0, [], [])
        assert said["unchanged"] > 20
    with enter(shipped):
        assert AuditEvent.objects.count() == events
        assert writing.write(shipped.name) == text


def test_a_new_council_is_brought_to_what_another_exports(
    shipped: Council, ims: Ims, tmp_path: Path
) -> None:
    file = tmp_path / "westwick.toml"
    ims("config", "export", "westwick", str(file))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    carried = "".join(line for line in lines if not line.startswith("written_out_of"))
    empty = create_council(
        NewCouncil("Empty Council", "empty.example"), actor=OPERATOR, at=clock.now()
    )
    path = written(tmp_path, carried)
    code, out, err = ims("config", "apply", "empty", path, "--json")
    assert (code, err) == (0, "")
    assert machine(out)["changes"]
    assert machine(ims("config", "apply", "empty", path, "--json")[1])["changes"] == []
    with enter(empty):
        assert writing.write(empty.name).splitlines()[2:] == "".join(lines).splitlines()[2:]


def test_a_dry_run_says_in_words_what_would_change_and_does_nothing(
    northmoor: Council, eastshire: Council, ims: Ims, tmp_path: Path
) -> None:
    file = written(tmp_path, FILE)
    code, out, _ = ims("config", "apply", "northmoor", file, "--dry-run")
    assert code == 0
    assert out.splitlines()[:3] == ["added: cost centre X1", "    Code: X1", "    Name: Parks"]
    assert "changed: method of payment CARD" in out
    assert "    Name: Card → Debit card" in out
    assert "not in the file, left as it is: method of payment BANK Bank credit" in out
    assert out.splitlines()[-1] == (
        "Northmoor District Council: 2 settings would change, 0 were so already."
    )
    with enter(northmoor):
        assert not CostCentre.objects.exists()
    code, out, _ = ims("config", "apply", "northmoor", file)
    assert code == 0
    assert out.splitlines()[-1] == (
        "Northmoor District Council: 2 settings changed, 0 were so already."
    )
    with enter(northmoor):
        assert CostCentre.objects.get().name == "Parks"
    with enter(eastshire):
        assert not CostCentre.objects.exists()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (b"\xff", ("configuration.unreadable", "not UTF-8")),
        ("schema = 1\nnot toml\n", ("configuration.unreadable", "at line 2")),
        (b"#" * (document.MAX_BYTES + 1), ("configuration.unreadable", "larger than 5 MB")),
        ("[[funds]]", ("configuration.wrong_schema", "does not say its schema")),
        ("schema = 0", ("configuration.wrong_schema", "an older schema, 0")),
        (
            'schema = 1\nwritten_out_of = "Eastshire Council"',
            (
                "configuration.other_council",
                "out of Eastshire Council, and this council is Northmoor",
            ),
        ),
        (FILE + "[gold]\n", ("configuration.refused", "Line 12, gold 1: There is no table")),
        (
            FILE.replace('"Parks"', '"Parks"\ncolour = "red"'),
            ("configuration.refused", "Line 6, cost-centres 1, colour: "),
        ),
        (
            FILE.replace('"card"', '"gold"'),
            ("configuration.refused", "Line 10, methods 1, purpose"),
        ),
        (
            FILE + '[[cost-centres]]\ncode = "x1"\nname = "Parks"\n',
            (
                "configuration.refused",
                "Line 13, cost-centres 2, code: X1 is there twice: also as number 1",
            ),
        ),
        (
            FILE + '[[vat-codes]]\ncode = "Q"\nname = "Odd"\n'
            '[[vat-codes.rates]]\nstarts_on = "2020-01-01"\nrate = 2000\n'
            '[[vat-codes.rates]]\nstarts_on = "2020-01-01"\nrate = 500\n',
            ("configuration.refused", "vat-codes 1, rates: "),
        ),
        (
            FILE + '[[payment-accounts]]\ncode = "W"\nname = "Web"\nprovider = "simulator"\n'
            'smartpay_fuse_secret_key = "x"\n',
            (
                "configuration.refused",
                "payment-accounts 1, smartpay_fuse_secret_key: This is never set by a file",
            ),
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_applied(
    northmoor: Council, ims: Ims, tmp_path: Path, text: str | bytes, refusal: tuple[str, str]
) -> None:
    file, (error, words) = written(tmp_path, text), refusal
    for more in (["--dry-run"], []):
        code, out, err = ims("config", "apply", "northmoor", file, *more)
        assert (code, out) == (1, "")
        assert words in err
        code, out, _ = ims("config", "apply", "northmoor", file, *more, "--json")
        assert (code, machine(out)["error"]) == (1, error)
    with enter(northmoor):
        assert not CostCentre.objects.exists()


def test_what_is_needed_is_not_retired_by_a_file(
    northmoor: Council, ims: Ims, tmp_path: Path
) -> None:
    file = tmp_path / "northmoor.toml"
    ims("config", "export", "northmoor", str(file))
    with enter(northmoor):
        fund = Fund.objects.filter(purpose="suspense").get().code
    text = file.read_text(encoding="utf-8")
    heading = f'[[funds]]\ncode = "{fund}"\n'
    assert heading in text
    line = text[: text.index(heading)].count("\n") + 1
    text = text.replace(heading, f"{heading}is_active = false\n")
    code, _, err = ims("config", "apply", "northmoor", written(tmp_path, text))
    assert code == 1
    assert err.startswith(f"Line {line}, funds ")


def test_no_such_file(northmoor: Council, ims: Ims) -> None:
    code, _, err = ims("config", "apply", "northmoor", "/no/such/file.toml")
    assert (code, "There is no file" in err) == (1, True)


def test_the_schema_kept_with_the_project_is_up_to_date() -> None:
    """A change here is a change for every file that was written: see that old ones still apply."""
    kept = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(writing.json_schema())), (
        "The configuration file changed. Write its schema anew with `ims config schema docs/"
        "reference/configuration-schema.json`, and look at what changed for files there are."
    )


@pytest.mark.parametrize("name", ["county", "district", "unitary"])
def test_the_packs_we_ship_follow_the_schema(name: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(tomllib.loads(starters.load(name).decode()), schema)


def test_a_training_council_is_made_listed_and_let_go(
    northmoor: Council, eastshire: Council, ims: Ims
) -> None:
    code, _, _ = ims(
        "council", "create", "Northmoor Training", "--host", "training.example",
        "--training-for", "northmoor",
    )  # fmt: skip
    assert code == 0
    assert "(training for Northmoor District Council)" in ims("council", "list")[1]
    with enter(northmoor):
        found = training_council()
    assert found is not None
    assert found.name == "Northmoor Training"
    code, _, err = ims("council", "pair", "eastshire", "northmoor")
    assert (code, "has a training council" in err) == (1, True)
    code, out, _ = ims("council", "unpair", "training", "--json")
    assert (code, machine(out)["training_for"]) == (0, None)
    code, out, _ = ims("council", "pair", "training", "eastshire")
    assert (code, out.strip()) == (
        0,
        "Northmoor Training is the training council of Eastshire Council.",
    )
    with enter(northmoor):
        assert training_council() is None
