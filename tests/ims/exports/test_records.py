"""Ledger formats as settings."""

from __future__ import annotations

import tomllib

import pytest

from ims.exports import selectors as exports
from ims.exports import services as running
from ims.exports.errors import LayoutNotFound
from ims.exports.models import ExportLayout
from ims.exports.records import LEDGER_FORMATS
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, TESTER, line, posted
from tests.factories.settings import ASKED, add, audited, change, refusal, refused, values_of

NEW = {"code": "ours", "name": "Our ledger", "shipped_code": "general-journal"}
OWN = """
# Two columns and nothing else.
name = "What the record says counts"
columns = [
  { heading = "Ledger code", source = "ledger_code" },
  { heading = "Amount", source = "amount_pence", format = "pounds" },
]
"""


def test_a_shipped_format_is_chosen_by_its_columns(council: Council, eastshire: Council) -> None:
    offered = LEDGER_FORMATS.by_name["shipped_code"].words("general-journal")
    assert offered.startswith("General journal (comma separated): Record, Ledger code, Date, ")
    add(LEDGER_FORMATS, **NEW)
    assert audited()[:2] == ("settings.add", "ours")
    stored = exports.get_layout("ours")
    assert (stored.name, stored.version) == ("Our ledger", 1)
    shipped = ExportLayout.objects.get(code="general-journal").definition
    assert stored.definition == {**shipped, "code": "ours", "name": "Our ledger"}
    assert values_of(LEDGER_FORMATS, "ours") == {**NEW, "definition": ""}
    assert not change(LEDGER_FORMATS, "ours", **NEW, definition="")
    with enter(eastshire):
        assert not ExportLayout.objects.filter(code="ours").exists()


def test_a_definition_goes_back_to_the_shipped_one(council: Council) -> None:
    add(LEDGER_FORMATS, **NEW, definition=OWN)
    shown = values_of(LEDGER_FORMATS, "ours")["definition"]
    assert [each["heading"] for each in tomllib.loads(shown)["columns"]] == [
        *("Ledger code", "Amount"),
    ]
    assert "What the record says" not in shown
    assert not change(LEDGER_FORMATS, "ours", definition=OWN)
    assert change(LEDGER_FORMATS, "ours", definition="")
    assert len(exports.get_layout("ours").definition["columns"]) == 11
    assert exports.get_layout("ours").version == 2


def test_every_provisioned_format_can_be_saved_as_it_is(council: Council) -> None:
    for stored in ExportLayout.objects.all():
        given = values_of(LEDGER_FORMATS, stored.code)
        assert not change(LEDGER_FORMATS, stored.code, **given)
        assert change(LEDGER_FORMATS, stored.code, name="Another name")
        stored.refresh_from_db()
        assert stored.definition["name"] == "Another name"


def test_a_definition_of_ones_own_makes_the_file_and_a_new_version(council: Council) -> None:
    add(LEDGER_FORMATS, **NEW, definition=OWN)
    assert exports.get_layout("ours").definition["name"] == "Our ledger"
    posted(line(1_234))
    first = running.run("ours", actor=TESTER, at=AT)
    change(LEDGER_FORMATS, "ours", definition=OWN.replace("Amount", "Pounds"))
    first.refresh_from_db()
    assert (first.layout.version, first.layout_version) == (2, 1)
    assert first.definition["columns"][1]["heading"] == "Amount"
    used = selectors.where_used(selectors.get(LEDGER_FORMATS, "ours"))
    assert [(each.text, each.count, each.blocks) for each in used] == [("ledger files", 1, False)]


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("columns = [", "The definition cannot be read as TOML: "),
        ("columns = []", "The layout “Our ledger” cannot be used. "),
        (OWN + "\nspeed = 'fast'", "The layout “Our ledger” cannot be used. "),
        (OWN.replace("ledger_code", "weather"), "The layout “Our ledger” cannot be used. "),
        ("x = '" + "y" * 30_000 + "'", "Definition has 30006 characters."),
    ],
)
def test_a_definition_that_makes_no_file_is_refused(
    council: Council, definition: str, words: str
) -> None:
    said, field, _ = refused(LEDGER_FORMATS, None, **NEW, definition=definition)
    assert field == "definition"
    assert said.startswith(words)


def test_what_is_missing_or_unknown_is_refused(council: Council) -> None:
    assert refused(LEDGER_FORMATS, None, code="ours", name="Ours")[:2] == (
        "Choose a shipped format to start from, or write a definition.",
        "shipped_code",
    )
    assert refused(LEDGER_FORMATS, None, **{**NEW, "shipped_code": "sap"})[1] == "shipped_code"
    assert refused(LEDGER_FORMATS, None, **{**NEW, "code": "Ours"})[1] == "code"
    assert refused(LEDGER_FORMATS, "fixed-ledger", shipped_code="general-journal")[1] == (
        "shipped_code"
    )


def test_a_retired_format_makes_no_more_files(council: Council) -> None:
    services.retire(LEDGER_FORMATS, "fixed-ledger", asked=ASKED)
    assert [each.code for each in exports.list_layouts()] == ["general-journal"]
    with pytest.raises(LayoutNotFound):
        exports.get_layout("fixed-ledger")
    services.restore(LEDGER_FORMATS, "fixed-ledger", asked=ASKED)
    assert exports.get_layout("fixed-ledger").version == 1


def test_only_people_who_may_configure_do(council: Council) -> None:
    runner = Asked(Actor("Priya", permissions=frozenset({"exports.run", "settings.view"})), AT)
    words, _ = refusal(lambda: services.save(LEDGER_FORMATS, None, NEW, asked=runner))
    assert words == "You need the permission “Change the layouts of ledger files” to do this."
