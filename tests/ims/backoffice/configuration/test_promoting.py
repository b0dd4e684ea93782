"""Settings come over from the training council of one's own council, and from no other."""

from __future__ import annotations

import pytest
from django.test import Client

from ims.council.models import Banner
from ims.funds.models import CostCentre, Fund, MethodOfPayment
from ims.payments.models import ProviderAccount
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.configuration import kept
from ims_tenants import pairing
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor, fingerprint
from tests.councils import OPERATOR, make_council
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import EVERY_PAGE

WHY = {"reason": "Tried on Tuesday"}


@pytest.fixture
def training(northmoor: Council, eastshire: Council) -> Council:
    """Northmoor's training council, with a cost centre, a banner and an account of its own."""
    made = make_council("Northmoor Training", "training.example", "district")
    pairing.pair(made, northmoor, actor=OPERATOR, at=clock.now())
    with enter(made):
        CostCentre.objects.create(code="T100", name="Tried in training")
        MethodOfPayment.objects.filter(code="CARD").update(name="Card by phone")
        Banner.objects.create(code="TRAIN", words="This is training", severity="warning")
        ProviderAccount.objects.create(
            code="TRAINPAY", name="Pretend", provider="simulator", mode="test"
        )
    return made


@pytest.fixture
def client(training: Council, council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def reads(council: Council) -> list[tuple[str, int | None]]:
    with enter(council):
        found = AuditEvent.objects.filter(act="configuration.read")
        return list(found.values_list("actor_name", "actor_id"))


def test_what_was_tried_comes_over_and_what_is_trainings_own_does_not(
    client: Client, training: Council, northmoor: Council
) -> None:
    assert "Northmoor Training is your training council" in text_of(client.get("/settings/file"))
    words = text_of(client.get("/settings/promote"))
    assert "ayment provider accounts: training takes no real money" in words
    assert "because you may not change them" not in words
    with enter(training):
        funds = Fund.objects.count()
    page = client.post("/settings/promote")
    words = text_of(client.get(page["Location"]))
    for said in ("What training would change", "T100", "Tried in training", "Card by phone"):
        assert said in words
    for hidden in ("This is training", "TRAINPAY", "Pretend"):
        assert hidden not in words
    assert not CostCentre.objects.filter(code="T100").exists()
    done = client.post(page["Location"], WHY, follow=True)
    assert "2 settings changed" in text_of(done)
    assert CostCentre.objects.get(code="T100").name == "Tried in training"
    assert not Banner.objects.filter(code="TRAIN").exists()
    assert not ProviderAccount.objects.filter(code="TRAINPAY").exists()
    event = AuditEvent.objects.get(act="configuration.apply", actor_id__isnull=False)
    assert event.facts["source"] == str(training.uuid)
    name = client.user.name  # type: ignore[attr-defined]
    assert reads(training) == [(f"{name}, Northmoor District Council", None)]
    assert reads(northmoor) == []
    with enter(training):
        assert Fund.objects.count() == funds


def test_only_the_audit_trail_of_training_is_written(client: Client, training: Council) -> None:
    before = {table: (rows, digest) for table, rows, digest in fingerprint(training)}
    client.post(client.post("/settings/promote")["Location"], WHY)
    after = {table: (rows, digest) for table, rows, digest in fingerprint(training)}
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"audit_auditevent"}


def test_training_promotes_nothing_from_live_and_a_third_council_reads_neither(
    training: Council, northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(northmoor):
        CostCentre.objects.create(code="L1", name="Only in live")
    for place in (training, eastshire):
        client = client_for(place)
        assert "promote" not in client.get("/settings/file").content.decode()
        for given in ({}, {"council": "Northmoor Training", "training": str(training.uuid)}):
            answer = client.post("/settings/promote", given)
            assert answer.status_code == 200
            assert "Your council has no training council" in text_of(answer)
            asked = client.get("/settings/promote", given)
            assert "Northmoor Training is" not in text_of(asked)
    assert reads(training) == reads(northmoor) == []


def test_a_pair_that_ended_is_not_applied(client: Client, training: Council) -> None:
    page = client.post("/settings/promote")["Location"]
    pairing.unpair(training, actor=OPERATOR, at=clock.now())
    assert "is not your training council any more" in text_of(client.post(page, WHY))
    assert not CostCentre.objects.filter(code="T100").exists()


def test_what_cannot_be_used_here_is_told_without_a_line(client: Client, training: Council) -> None:
    with enter(training):
        CostCentre.objects.filter(code="T100").update(name="")
    (said,) = refusals(client)
    assert said.startswith("Cost centres: ")
    assert "Line" not in said


def refusals(client: Client) -> list[str]:
    """The words of the error summary."""
    answer = client.post("/settings/promote")
    assert answer.status_code == 200
    html = answer.content.decode().split('class="govuk-error-summary"')[1].split("</ul>")[0]
    return [" ".join(part.split("<")[0].split()) for part in html.split("<li>")[1:]]


def test_kinds_one_may_not_change_are_left_out(
    training: Council, council: Council, client_for: ClientFor
) -> None:
    client = client_for(council, ["settings.view", "settings.apply_file", "imports.configure"])
    words = text_of(client.get("/settings/promote"))
    assert "Left out, because you may not change them" in words
    page = text_of(client.post("/settings/promote", follow=True))
    assert "Nothing is different" in page
    assert "T100" not in page
    nobody = client_for(council, ["settings.view", "settings.apply_file"])
    assert "Compare with training" not in text_of(nobody.get("/settings/promote"))
    reader = client_for(council, ["settings.view"])
    assert reader.post("/settings/promote").status_code == 403


def test_the_page_asks_a_fixed_number_of_queries(client: Client) -> None:
    with counted() as queries:
        client.get("/settings/promote")
    assert len(queries) == EVERY_PAGE + 1
    token = client.post("/settings/promote")["Location"].rpartition("/")[2]
    found = kept.get(token, user_id=client.user.pk, now=clock.now())  # type: ignore[attr-defined]
    assert {change.what for change in found.outcome.changes} == {"added", "changed"}
