"""The public host: open to read, a list of councils for operators, and no council's data."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from ims_kernel.identity import sessions
from ims_tenants import lifecycle
from ims_tenants.current import enter, public
from ims_tenants.models import Council
from tests.conftest import ClientFor, make_user
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.factories.money import Payment, take
from tests.ims.backoffice.bank_day import counted, text_of


def operator(permissions: list[str]) -> Client:
    """Somebody signed in on the public host."""
    client = Client(headers={"host": settings.IMS_PUBLIC_HOST})
    with public():
        request = HttpRequest()
        request.session = client.session
        login(request, make_user(permissions), "ims_kernel.identity.backends.EmailBackend")
        request.session[sessions.FACTOR] = sessions.PASSED
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


@pytest.fixture
def rhian(db: None) -> Client:
    return operator(["councils.view"])


def test_anybody_may_read_what_the_service_is(db: None) -> None:
    answer = Client(headers={"host": settings.IMS_PUBLIC_HOST}).get("/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Income management for councils" in page
    assert "Sign in as an operator" in page
    for council in ("Northmoor", "Eastshire", NORTHMOOR_HOST):
        assert council not in page


def test_an_operator_sees_every_council_with_its_state(
    rhian: Client, northmoor: Council, eastshire: Council
) -> None:
    Council.objects.filter(pk=eastshire.pk).update(state=lifecycle.SUSPENDED)
    answer = rhian.get("/councils")
    page, html = text_of(answer), answer.content.decode()
    assert f"Eastshire Council {EASTSHIRE_HOST} Suspended" in page
    assert f"Northmoor District Council {NORTHMOOR_HOST} Onboarding" in page
    assert "2 councils, of which 1 is open to its staff" in page
    assert f'href="http://{NORTHMOOR_HOST}/"' in html
    assert f'href="http://{EASTSHIRE_HOST}' not in html


def test_the_list_takes_a_fixed_number_of_queries_and_none_in_a_council(
    rhian: Client, northmoor: Council
) -> None:
    with enter(northmoor):
        take(Payment(987_654))
    with counted() as queries:
        page = text_of(rhian.get("/councils"))
    # Session, person, roles, councils, their hosts.
    assert len(queries) == 5, "\n".join(queries)
    assert "9,876.54" not in page
    assert not any("ledger" in sql for sql in queries)


@pytest.mark.parametrize("permissions", [[], ["ledger.view"]])
def test_other_accounts_are_told_what_they_lack(db: None, permissions: list[str]) -> None:
    client = operator(permissions)
    answer = client.get("/councils")
    assert answer.status_code == 403
    assert "See the list of councils" in text_of(answer)
    assert "your account has no permission" in text_of(client.get("/"))


def test_signed_out_the_list_asks_to_sign_in(db: None) -> None:
    answer = Client(headers={"host": settings.IMS_PUBLIC_HOST}).get("/councils")
    assert answer["Location"] == "/sign-in?next=/councils"


def test_without_councils_it_says_how_to_make_one(
    rhian: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ims_tenants.console.views.list_councils", list)
    page = text_of(rhian.get("/councils"))
    assert "There are no councils yet" in page
    assert "ims council create" in page


def test_a_councils_pages_are_not_on_the_public_host_nor_the_other_way_round(
    rhian: Client, northmoor: Council, client_for: ClientFor
) -> None:
    for address in ("/transactions", "/imports", "/suspense", "/exports"):
        assert rhian.get(address).status_code == 404
    answer = client_for(northmoor).get("/councils")
    assert answer.status_code == 404
    assert "Page not found" in text_of(answer)


@pytest.mark.parametrize("host", [settings.IMS_PUBLIC_HOST, NORTHMOOR_HOST])
def test_the_accessibility_statement_is_on_every_host(db: None, host: str) -> None:
    client = Client(headers={"host": host})
    answer = client.get("/accessibility")
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Accessibility statement" in page
    assert "Equality and Human Rights Commission" in page
    assert 'href="/accessibility"' in client.get("/sign-in").content.decode()
