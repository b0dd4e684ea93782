"""The council's own settings: kept, refused in words, and its neighbour's never touched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ims.council import selectors
from ims.council.errors import LogoMissing, MessageUnknown
from ims.council.messages import MESSAGES
from ims.council.models import CouncilSettings, Wording
from ims.council.records import BANNERS, COUNCIL, WORDING
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import ImsError, NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors as records
from ims_kernel.records import services
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims.council.pictures_of_a_test import png, svg
from tests.ims.council.settings_of_a_test import add_banner, set_council, word

DAY = date(2026, 11, 24)


# --- the council ----------------------------------------------------------------------------------
def test_everything_has_a_start_that_the_law_allows(council: Council) -> None:
    values = records.get(COUNCIL, "settings").values
    assert values["accent_colour"] == council.accent_colour
    assert values["keep_vat_years"] == 6
    assert values["keep_money_years"] == 6
    assert not CouncilSettings.objects.exists()


def test_it_is_kept_and_audited(council: Council) -> None:
    set_council(
        display_name="Northmoor", accent_colour="#6B1F5F", vat_number="gb 123 4567 82",
        keep_money_years=7, help_contact="01632 960 123",
    )  # fmt: skip
    council.refresh_from_db()
    assert (council.display_name, council.accent_colour) == ("Northmoor", "#6b1f5f")
    assert council.name == "Northmoor District Council"
    assert records.get(COUNCIL, "settings").values["vat_number"] == "GB 123 4567 82"
    event = AuditEvent.objects.get(object_kind="council")
    assert event.after
    assert event.after["display_name"] == "Northmoor"
    assert event.before
    assert event.before["keep_money_years"] == 6


def test_the_neighbour_keeps_its_own_look(northmoor: Council, eastshire: Council) -> None:
    before = eastshire.accent_colour, eastshire.display_name
    with enter(northmoor):
        set_council(display_name="Ours", accent_colour="#00625a", logo=png())
    eastshire.refresh_from_db()
    assert (eastshire.accent_colour, eastshire.display_name) == before
    with enter(eastshire):
        assert not CouncilSettings.objects.exists()


BAD = [
    ({"accent_colour": "#ffff00"}, "accent_colour", "too pale"),
    ({"accent_colour": "blue"}, "accent_colour", "not a colour"),
    ({"vat_number": "GB 123 4567 83"}, "vat_number", "has a slip"),
    ({"vat_number": "123456782"}, "vat_number", "like GB 123 4567 89"),
    ({"keep_vat_years": 5}, "keep_vat_years", "from 6 to 100"),
    ({"keep_money_years": 2}, "keep_money_years", "from 3 to 100"),
    ({"keep_audit_years": 0}, "keep_audit_years", "from 2 to 100"),
    ({"display_name": "sk_live_" + "Ab1" * 9}, "display_name", "looks like"),
    ({"logo": svg("<script>alert(1)</script>")}, "logo", "holds <script>"),
    ({"logo": b"\x89PNG\r\n\x1a\n" + b"x" * 20 * 1024 * 1024}, "logo", "20MB"),
    ({"logo": b"GIF89a"}, "logo", "PNG, JPEG or SVG"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field", "words"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    council: Council, own_files: Path, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ImsError, match=words) as caught:
        set_council(**{"display_name": "Changed", **values})
    assert caught.value.facts["field"] == field
    assert not CouncilSettings.objects.exists()
    council.refresh_from_db()
    assert council.display_name == ""
    assert not list(own_files.rglob("*")) or not any(p.is_file() for p in own_files.rglob("*"))


def test_a_vat_number_of_either_scheme(council: Council) -> None:
    for number in ("GB 123 4567 82", "GB 123 4567 27"):
        set_council(vat_number=number)


def test_a_logo_comes_back_as_a_picture_and_the_old_one_goes(
    council: Council, own_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_council(logo=png())
    council.refresh_from_db()
    first = council.logo_mark
    stream, media_type = selectors.open_logo(first)
    with stream:
        assert stream.read().startswith(b"\x89PNG")
    assert media_type == "image/png"
    with django_capture_on_commit_callbacks(execute=True):
        set_council(logo=svg())
    council.refresh_from_db()
    assert council.logo_mark != first
    with pytest.raises(LogoMissing):
        selectors.open_logo(first)
    assert len([path for path in own_files.rglob("*") if path.is_file()]) == 1


def test_a_logo_can_be_hidden_and_is_kept_meanwhile(council: Council) -> None:
    set_council(logo=png())
    set_council(show_logo=False)
    council.refresh_from_db()
    assert council.logo_mark == ""
    set_council(show_logo=True)
    council.refresh_from_db()
    assert council.logo_mark == CouncilSettings.objects.get().logo_mark


# --- banners --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        ("", "", True),
        ("2026-11-24", "2026-11-24", True),
        ("2026-11-25", "", False),
        ("", "2026-11-23", False),
        ("2026-11-01", "2026-12-01", True),
    ],
)
def test_a_banner_stands_from_its_first_day_to_its_last(
    council: Council, starts: str, ends: str, *, shown: bool
) -> None:
    add_banner("CLOSED", "The bank is closed", starts_on=starts, ends_on=ends)
    found = selectors.banners_showing("staff", on=DAY)
    assert [banner.words for banner in found] == ["The bank is closed"] * shown


def test_the_most_urgent_is_first_and_each_stands_in_its_place(council: Council) -> None:
    add_banner("A", "Note", severity="information")
    add_banner("B", "Now", severity="urgent", places=["staff", "payers"])
    add_banner("C", "Payers only", places=["payers"])
    services.retire(
        BANNERS, "A", asked=Asked(Actor("Test", is_system=True), clock.now(), approved=True)
    )
    assert [b.code for b in selectors.banners_showing("staff", on=DAY)] == ["B"]
    assert [b.code for b in selectors.banners_showing("payers", on=DAY)] == ["B", "C"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"words": "x" * 161}, "161 characters"),
        ({"starts_on": "2026-11-24", "ends_on": "2026-11-23"}, "before the first"),
        ({"places": []}, "[Ww]here (it|the banner) stands"),
        ({"severity": "loud"}, "is not one of"),
        ({"words": "api_live_" + "Ab1" * 9}, "looks like"),
    ],
)
def test_a_banner_that_cannot_be(council: Council, values: dict[str, Any], words: str) -> None:
    with pytest.raises(ImsError, match=words):
        add_banner("X", **{"words": "Fine", **values})
    assert selectors.banners_showing("staff", on=DAY) == []


# --- wording --------------------------------------------------------------------------------------
def test_a_new_council_has_every_message(council: Council) -> None:
    assert set(Wording.objects.values_list("code", flat=True)) == set(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_preview_has_an_example_for_every_value(council: Council, code: str) -> None:
    words = selectors.preview(code, council_name="Northmoor")
    assert "{{" not in words.subject + words.body
    assert "Northmoor" in words.subject + words.body


def test_own_words_are_used_until_they_are_retired(council: Council) -> None:
    word("receipt", subject="Paid", body="{{ amount }} {{ receipt_number }}\n<b>&</b>")
    values = {"amount": "£1.00", "receipt_number": "R1"}
    assert selectors.compose("receipt", values).body == "£1.00 R1\n<b>&</b>"
    asked = Asked(Actor("Test", is_system=True), clock.now(), approved=True)
    services.retire(WORDING, "receipt", asked=asked)
    assert selectors.compose("receipt", values).body.startswith("Thank you.")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"body": "{{ amount }}"}, "body", r"must hold “\{\{ receipt_number"),
        ({"subject": "{{ link }}"}, "subject", "not known in this message"),
        ({"body": "{{ amount }} {{ receipt_number }} {% raw %}"}, "body", r"Line 1 has “\{%”"),
        ({"subject": "one\ntwo"}, "subject", "cannot be seen"),
    ],
)
def test_a_message_that_cannot_be(
    council: Council, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ImsError, match=words) as caught:
        word("receipt", **values)
    assert caught.value.facts["field"] == field
    assert Wording.objects.get(code="receipt").subject == MESSAGES["receipt"].subject


def test_a_message_there_is_not(council: Council) -> None:
    with pytest.raises(MessageUnknown):
        selectors.compose("love_letter", {})


def test_somebody_without_the_permission_changes_nothing(council: Council) -> None:
    asked = Asked(Actor("Tom", 1, frozenset({"settings.view"})), clock.now())
    for kind, key in ((COUNCIL, "settings"), (WORDING, "receipt"), (BANNERS, None)):
        with pytest.raises(NotAllowed):
            services.save(kind, key, {}, asked=asked)
