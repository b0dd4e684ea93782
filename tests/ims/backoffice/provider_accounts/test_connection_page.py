"""The page of an account's connection: names of what is stored, never the values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from ims.payments.models import ProviderAccount
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.far_service import FarService, far_service
from tests.ims.backoffice.bank_day import counted
from tests.ims.payments.accounts import FUSE, PAY, PAY_KEY, add

PAGE = "/settings/payment-accounts/WEB/connection"


@pytest.fixture
def far(settings: Settings) -> Iterator[FarService]:
    with far_service() as made:
        settings.IMS_PROVIDER_ADDRESSES = {"govukpay": made.url}
        yield made


@pytest.fixture(autouse=True)
def account(northmoor: Council) -> None:
    with enter(northmoor):
        add(PAY)


def test_it_says_what_is_stored_and_shows_none_of_it(
    northmoor: Council, client_for: ClientFor
) -> None:
    with enter(northmoor):
        add(FUSE)
    client = client_for(northmoor)
    page = client.get(PAGE).content.decode()
    assert "Not checked" in page
    assert "Stored" in page
    assert PAY_KEY not in page
    other = client.get(PAGE.replace("WEB", "FUSE")).content.decode()
    assert "northmoor_test" in other
    for name in ("access_key", "secret_key", "rest_secret", "rest_key_id"):
        assert FUSE[f"smartpay_fuse_{name}"] not in other


@pytest.mark.parametrize(
    ("status", "words", "tag"),
    [(200, "accepts the test API key", "Works"), (401, "does not accept these", "Does not work")],
)
def test_the_button_asks_the_provider_and_keeps_the_outcome(
    northmoor: Council, client_for: ClientFor, far: FarService, *, status: int, words: str, tag: str
) -> None:
    far.status = status
    response = client_for(northmoor).post(f"{PAGE}/check", follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert words in page
    assert tag in page
    assert "Last checked" in page
    assert len(far.asked) == 1
    with enter(northmoor):
        assert AuditEvent.objects.filter(act="payments.ask_provider").count() == 1


def test_an_address_alone_asks_nobody(
    northmoor: Council, client_for: ClientFor, far: FarService
) -> None:
    response = client_for(northmoor).get(f"{PAGE}/check")
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert far.asked == []


def test_who_may_see_and_who_may_check(
    northmoor: Council, client_for: ClientFor, far: FarService
) -> None:
    viewer = client_for(northmoor, ["settings.view"])
    assert "Check connection" not in viewer.get(PAGE).content.decode()
    assert viewer.post(f"{PAGE}/check").status_code == 403
    assert client_for(northmoor, ["ledger.view"]).get(PAGE).status_code == 403
    assert far.asked == []


def test_another_councils_account_is_not_there(
    eastshire: Council, client_for: ClientFor, far: FarService
) -> None:
    client = client_for(eastshire)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}/check").status_code == 404
    assert far.asked == []


def test_the_page_takes_a_fixed_number_of_queries(
    northmoor: Council, client_for: ClientFor
) -> None:
    client = client_for(northmoor)
    client.get(PAGE)
    with counted() as one:
        client.get(PAGE)
    with enter(northmoor):
        add(FUSE)
        ProviderAccount.objects.update(check_ok=True, checked_at=clock.now())
    with counted() as two:
        client.get(PAGE)
    assert len(one) == len(two)
    assert not any("crypto_datakey" in query for query in two)
