"""A file is downloaded, compared and applied in the console."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ims.funds.models import MethodOfPayment
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.configuration import document, kept
from ims_kernel.configuration.errors import ComparisonGone
from ims_kernel.records.models import ProposedChange
from ims_tenants.current import council as here
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import EVERY_PAGE, error_links

GOOD = """schema = 1

[[methods]]
code = "CARD"
name = "Debit card"
purpose = "card"
control_code = "9200"

[[methods]]
code = "PH"
name = "Phone"
purpose = "card"
control_code = "9201"

[[methods]]
code = "CASH"
name = "Cash"
purpose = "cash"
control_code = "9120"
is_active = false
"""
PAYMENTS = """schema = 1

[[payment-accounts]]
code = "WEB"
name = "Web payments"
provider = "simulator"
mode = "test"
"""
WHY = {"reason": "The new bank contract"}


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def sent(text: str | bytes, name: str = "settings.toml") -> dict[str, SimpleUploadedFile]:
    data = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, data)}


def compared(client: Client, text: str) -> str:
    """The address of the page that shows what the file would change."""
    answer = client.post("/settings/file", sent(text))
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def acts() -> list[str]:
    found = AuditEvent.objects.filter(act__startswith="configuration.")
    return list(found.exclude(actor_name="ims council create").values_list("act", flat=True))


def test_the_settings_are_downloaded_and_the_audit_says_so(client: Client) -> None:
    assert "Settings as a file" in text_of(client.get("/settings"))
    assert "Download the settings" in text_of(client.get("/settings/file"))
    answer = client.get("/settings/file/download")
    assert re.fullmatch(
        r'attachment; filename="northmoor-district-council-settings-\d{4}-\d\d-\d\d.toml"',
        answer["Content-Disposition"],
    )
    found = document.read(answer.content)
    assert found.council == "Northmoor District Council"
    assert "methods" in found.tables
    assert acts() == ["configuration.download"]
    assert "Nothing is different" in text_of(
        client.post("/settings/file", sent(answer.content), follow=True)
    )


def test_what_a_file_changes_is_shown_and_only_then_done(client: Client) -> None:
    page = compared(client, GOOD)
    words = text_of(client.get(page))
    for said in (
        "1 added", "1 changed", "1 retired", "Added", "Phone", "Debit card", "settings.toml",
        "Nothing has changed yet", "left as they are", "The file",
    ):  # fmt: skip
        assert said.lower() in words.lower(), said
    assert not MethodOfPayment.objects.filter(code="PH").exists()
    assert list(error_links(client.post(page, {"reason": ""}))) == [
        "Enter why you are making these changes"
    ]
    done = client.post(page, WHY, follow=True)
    assert done.redirect_chain == [("/settings", 302)]
    assert "3 settings changed" in text_of(done)
    assert MethodOfPayment.objects.get(code="CARD").name == "Debit card"
    assert MethodOfPayment.objects.get(code="PH").name == "Phone"
    event = AuditEvent.objects.get(act="configuration.apply", actor_id__isnull=False)
    assert (event.reason, event.facts["source"]) == (WHY["reason"], "file")
    assert client.get(page).status_code == 404
    again = text_of(client.get(compared(client, GOOD)))
    assert "Nothing is different" in again
    assert "Apply these changes" not in again


def test_settings_changed_meanwhile_are_refused_and_nothing_is_applied(client: Client) -> None:
    page = compared(client, GOOD)
    MethodOfPayment.objects.filter(code="CARD").update(name="Card at the desk")
    answer = client.post(page, WHY)
    assert "Settings were changed after you compared the file" in text_of(answer)
    assert MethodOfPayment.objects.get(code="CARD").name == "Card at the desk"
    assert not MethodOfPayment.objects.filter(code="PH").exists()


def test_a_change_elsewhere_does_not_matter(client: Client) -> None:
    page = compared(client, GOOD)
    MethodOfPayment.objects.filter(code="BANK").update(name="Another name")
    assert client.post(page, WHY).status_code == 302


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "The selected file is empty"),
        (b"schema = 1\n\xff", "not UTF-8 text"),
        ("not toml", "is not TOML"),
        ("schema = 0", "an older schema, 0"),
        ('schema = 1\nwritten_out_of = "Eastshire Council"', "written out of Eastshire Council"),
        (b"#" * (document.MAX_BYTES + 1), "larger than 5 MB"),
        (GOOD.replace("control_code", "colour", 1), "Line 7, methods 1, colour: "),
        (GOOD.replace("[[methods]]", "[[gold]]", 1), "Line 3, gold 1: There is no table"),
        (GOOD.replace('"card"', '"gold"', 1), "Line 6, methods 1, purpose: “gold” is not one of"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_beside_its_field(
    client: Client, text: str | bytes, words: str
) -> None:
    before = MethodOfPayment.objects.count()
    answer = client.post("/settings/file", sent(text))
    assert answer.status_code == 200
    ((said, place),) = error_links(answer).items()
    assert words in said
    assert place == "id_file"
    assert MethodOfPayment.objects.count() == before
    assert acts() == []


def test_what_needs_a_second_person_waits_and_is_asked_for_once(client: Client) -> None:
    page = compared(client, PAYMENTS)
    words = text_of(client.get(page))
    assert "1 for a second person to approve" in words
    assert "Web payments" in words
    assert ProposedChange.objects.count() == 0
    done = client.post(page, WHY, follow=True)
    assert done.redirect_chain == [("/settings/changes", 302)]
    assert "1 change waits for a second person" in text_of(done)
    (change,) = ProposedChange.objects.all()
    assert (change.kind_slug, change.reason) == ("payment-accounts", WHY["reason"])
    again = text_of(client.get(compared(client, PAYMENTS)))
    assert "1 waiting for a second person already" in again
    assert "Apply these changes" not in again
    assert ProposedChange.objects.count() == 1


def test_the_permission_of_each_kind_is_asked_for(council: Council, client_for: ClientFor) -> None:
    client = client_for(council, ["settings.view", "settings.apply_file"])
    (said,) = error_links(client.post("/settings/file", sent(GOOD)))
    assert "settings that you may not change: methods" in said
    reader = client_for(council, ["settings.view"])
    assert "ask for the permission “Apply a configuration file”" in text_of(
        reader.get("/settings/file")
    )
    assert reader.post("/settings/file", sent(GOOD)).status_code == 403
    assert reader.get("/settings/file/" + "0" * 32).status_code == 403
    assert client_for(council, []).get("/settings/file/download").status_code == 403


def test_a_comparison_is_its_makers_own_and_its_councils(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    maker, colleague = client_for(northmoor), client_for(northmoor)
    theirs = client_for(eastshire)
    with enter(eastshire):
        before = MethodOfPayment.objects.count()
    page = compared(maker, GOOD)
    for other in (colleague, theirs):
        assert other.get(page).status_code == 404
        assert other.post(page, WHY).status_code == 404
    assert maker.get("/settings/file/nothing").status_code == 404
    assert maker.get("/settings/file/" + "0" * 32).status_code == 404
    assert maker.get(page).status_code == 200
    with enter(eastshire):
        assert MethodOfPayment.objects.count() == before


def test_a_comparison_is_forgotten_after_an_hour(client: Client, own_files: Path) -> None:
    first = compared(client, GOOD).rpartition("/")[2]
    who = client.user.pk  # type: ignore[attr-defined]
    kept.get(first, user_id=who, now=clock.now() + timedelta(minutes=59))
    with pytest.raises(ComparisonGone):
        kept.get(first, user_id=who, now=clock.now() + timedelta(minutes=61))
    stored = own_files / str(here().uuid) / "configuration" / first
    long_ago = clock.now().timestamp() - 7_200
    os.utime(stored, (long_ago, long_ago))
    second = compared(client, GOOD).rpartition("/")[2]
    assert [each.name for each in stored.parent.iterdir()] == [second]


def test_queries_do_not_grow_with_the_file(client: Client) -> None:
    more = "".join(f'\n[[cost-centres]]\ncode = "X{n}"\nname = "Centre {n}"\n' for n in range(20))
    small, large = compared(client, GOOD), compared(client, GOOD + more)
    pages = {small: 0, large: 0, "/settings/file": 1}  # Whether there is a training council.
    for page, own in pages.items():
        with counted() as queries:
            client.get(page)
        assert len(queries) == EVERY_PAGE + own, queries
