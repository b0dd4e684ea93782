"""Provider accounts as a setting: what is refused, and that no credential ever shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from ims.payments.models import ProviderAccount
from ims.payments.records import PAYMENT_ACCOUNTS
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import ImsError, NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.errors import FieldRefused, RecordRefused
from ims_kernel.records.models import ProposedChange
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims.payments.accounts import FUSE, PAY, PAY_KEY, STRIPE, STRIPE_KEY, add, change

LIVE_KEY = "api_live_" + "1nventedF0rATest" * 2


def stored() -> str:
    """Everything the council's schema holds as text, sealed columns as their bytes."""
    found = []
    with connection.cursor() as cursor:
        for model in (ProviderAccount, AuditEvent, ProposedChange):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("values", [PAY, STRIPE, FUSE], ids=lambda values: values["provider"])
def test_an_account_is_kept_and_its_credentials_never_come_back(
    council: Council, values: dict[str, Any]
) -> None:
    add(values)
    record = selectors.get(PAYMENT_ACCOUNTS, values["code"])
    secret = {
        name for name, field in PAYMENT_ACCOUNTS.by_name.items() if field.kind == "secret"
    } & set(values)
    assert secret
    for name, value in values.items():
        assert record.values[name] == ("" if name in secret else value)
    credentials = record.instance.credentials.reveal()
    assert set(credentials.values()) == {values[name] for name in secret}
    shown = stored() + json.dumps(record.values) + repr(vars(record.instance))
    shown += json.dumps(selectors.export_all(PAYMENT_ACCOUNTS))
    assert not any(values[name] in shown for name in secret)
    assert not any(values[name].encode().hex() in shown for name in secret)


def test_the_history_says_only_that_a_credential_changed(council: Council) -> None:
    add(PAY)
    change("WEB", govukpay_api_key="api_test_" + "0ther" * 8)
    event = AuditEvent.objects.filter(object_kind="payment-accounts").latest("pk")
    assert (event.before, event.after) == ({}, {"govukpay_api_key": "changed"})


def test_a_credential_left_empty_stays(council: Council) -> None:
    add(PAY)
    change("WEB", name="Renamed", govukpay_api_key="", govukpay_webhook_secret="w" * 30)
    found = ProviderAccount.objects.get()
    assert found.name == "Renamed"
    assert found.credentials.reveal() == {"api_key": PAY_KEY, "webhook_secret": "w" * 30}
    assert found.credentials_held == ["api_key", "webhook_secret"]


BAD = [
    ("live key, test mode", PAY, {"govukpay_api_key": LIVE_KEY}, "a GOV.UK Pay live key"),
    ("test key, live mode", PAY, {"mode": "live"}, "a GOV.UK Pay test key"),
    ("another provider's key", PAY, {"govukpay_api_key": STRIPE_KEY}, "a Stripe test secret key"),
    ("a webhook secret as key", STRIPE, {"stripe_api_key": "whsec_" + "Ab1" * 9}, "webhook"),
    ("a key as webhook secret", STRIPE, {"stripe_webhook_secret": STRIPE_KEY}, "test secret key"),
    ("a publishable key", STRIPE, {"stripe_api_key": "pk_test_" + "a1" * 20}, "publishable key"),
    ("an API key as webhook secret", PAY, {"govukpay_webhook_secret": PAY_KEY}, "Pay test key"),
    ("another provider's field", PAY, {"stripe_api_key": STRIPE_KEY}, "leave the fields of Stripe"),
    ("no key", PAY, {"govukpay_api_key": ""}, "Enter the API key"),
    ("no merchant", FUSE, {"smartpay_fuse_merchant_id": ""}, "Enter the merchant ID"),
    ("a word as key", PAY, {"govukpay_api_key": "letmein"}, "api_test_ and letters"),
    ("a key of two lines", PAY, {"govukpay_api_key": PAY_KEY + "\nx"}, "api_test_ and letters"),
    ("keys swapped", FUSE, {"smartpay_fuse_access_key": "1b" * 128}, "must be 32 digits"),
    ("limits", PAY, {"minimum_pence": 500, "maximum_pence": 100}, "above the greatest"),
    ("unknown provider", PAY, {"provider": "paypig"}, "is not one of"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "given", "words"), [row[1:] for row in BAD], ids=[b[0] for b in BAD]
)
def test_what_cannot_be_is_refused_in_words(
    council: Council, values: dict[str, Any], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ImsError, match=words) as caught:
        add({**values, **given})
    assert caught.value.facts["field"] in PAYMENT_ACCOUNTS.by_name
    said = f"{caught.value.message}{caught.value.facts}"
    for name in ("govukpay_api_key", "stripe_api_key", "stripe_webhook_secret"):
        value = {**values, **given}.get(name)
        assert not value or value not in said
    assert not ProviderAccount.objects.exists()


@pytest.mark.parametrize("field", ["name", "smartpay_fuse_merchant_id"])
@pytest.mark.parametrize("secret", [LIVE_KEY, STRIPE_KEY, "c3" * 32])
def test_a_secret_pasted_into_a_field_people_see_is_not_kept(
    council: Council, field: str, secret: str
) -> None:
    with pytest.raises((FieldRefused, RecordRefused)) as caught:
        add({**FUSE, field: secret})
    assert caught.value.facts["field"] == field
    assert secret not in f"{caught.value.message}{caught.value.facts}{stored()}"


def test_the_simulator_is_never_live(council: Council) -> None:
    simulator = {"code": "SIM", "name": "Training", "provider": "simulator", "mode": "test"}
    add(simulator)
    with pytest.raises(RecordRefused, match="cannot be live"):
        add({**simulator, "code": "SIM2", "mode": "live"})


def test_provider_and_mode_stay(council: Council) -> None:
    add(PAY)
    with pytest.raises(FieldRefused, match="cannot be changed once it is set"):
        change("WEB", mode="live")
    with pytest.raises(FieldRefused, match="cannot be changed once it is set"):
        change("WEB", provider="stripe")


def test_it_waits_for_a_second_person_with_its_credential_sealed(council: Council) -> None:
    one = Actor("One", 1, frozenset({"payments.configure"}))
    two = Actor("Two", 2, frozenset({"payments.configure"}))
    saved = services.save(PAYMENT_ACCOUNTS, None, PAY, asked=Asked(one, clock.now()))
    assert saved.waiting
    assert not ProviderAccount.objects.exists()
    assert PAY_KEY not in stored()
    services.approve(ProposedChange.objects.get().pk, actor=two, at=clock.now())
    assert ProviderAccount.objects.get().credentials.reveal() == {"api_key": PAY_KEY}


def test_somebody_without_the_permission_changes_nothing(council: Council) -> None:
    with pytest.raises(NotAllowed):
        add(PAY, actor=Actor("Nobody", 3, frozenset({"settings.view"})))
    assert not ProviderAccount.objects.exists()


def test_the_same_code_in_two_councils_is_two_accounts(
    northmoor: Council, eastshire: Council
) -> None:
    for council, name in ((northmoor, "Ours"), (eastshire, "Theirs")):
        with enter(council):
            add({**PAY, "name": name})
    with enter(northmoor):
        change("WEB", name="Changed")
    with enter(eastshire):
        assert ProviderAccount.objects.get().name == "Theirs"
        assert ProviderAccount.objects.get().credentials.reveal() == {"api_key": PAY_KEY}
