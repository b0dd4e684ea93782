"""Every address, asked as one council with what belongs to another: nothing of it ever shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http.response import HttpResponseBase
from django.test import Client

from ims.apikeys.keys import NewKey, make_key
from ims.apikeys.scopes import SCOPES
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor, fingerprint
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.factories.money import ACTOR
from tests.isolation.addresses import addresses, patterns
from tests.isolation.canary import Filled, domains_of, everything_sent, fill

METHODS = ("get", "post", "head", "put", "delete")
OPEN = {"/theme/<slug:accent>.css", "/accessibility", "/logo/<slug:mark>"}
# Pages somebody sees who is nobody yet.
SIGNING_IN = {"sign_in", "sign_in_passkey", "forgot_password"}
# Ends the session, so that what comes after would prove nothing.
ENDS_THE_SESSION = "/sign-out"


@pytest.fixture
def ours(northmoor: Council) -> Filled:
    """Northmoor with a little of everything."""
    return fill(northmoor, "OWNMARK5C1E", size=2)


@pytest.fixture
def theirs(eastshire: Council) -> Filled:
    """Eastshire with more of everything, so that ids exist here that Northmoor does not have."""
    return fill(eastshire, "CANARY7F3A", size=4)


@pytest.fixture
def owner(theirs: Filled, client_for: ClientFor) -> Client:
    """Somebody of Eastshire, signed in."""
    return client_for(theirs.council)


@pytest.fixture
def unchanged(theirs: Filled, owner: Client) -> Iterator[None]:
    """Eastshire is afterwards what it was before."""
    before = fingerprint(theirs.council)
    yield
    assert fingerprint(theirs.council) == before


def test_there_is_something_to_crawl() -> None:
    assert len(list(patterns())) >= 20


def test_the_canary_is_seen_from_inside(theirs: Filled, client_for: ClientFor) -> None:
    """Else its absence elsewhere would prove nothing."""
    client = client_for(theirs.council)
    seen = [
        address.pattern
        for address in addresses(theirs, _renamed(theirs))
        if theirs.in_text(everything_sent(client.get(address.path)))
    ]
    assert {"/transactions", "/transactions.csv", "/transactions/<str:number>"} <= set(seen)
    assert {"/imports", "/imports/<int:import_id>", "/suspense"} <= set(seen)
    assert {"/settings/<slug:slug>/<path:key>", "/settings/changes"} <= set(seen)


def _renamed(filled: Filled) -> Filled:
    """The same council with a value more of each kind, which it does not have."""
    more = {name: [*values, "999999999"] for name, values in filled.values.items()}
    return Filled(filled.council, filled.mark, more)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("method", METHODS)
def test_ids_of_the_other_council_find_nothing(
    ours: Filled, theirs: Filled, client_for: ClientFor, method: str
) -> None:
    client = with_key(client_for(ours.council), ours)
    for address in addresses(ours, theirs):
        if address.path == ENDS_THE_SESSION:
            continue
        # Followed: an address that only takes a form sends a reader to the page the form is on.
        response = getattr(client, method)(address.path, follow=True)
        sent = everything_sent(response)
        assert not theirs.in_text(sent), f"{method} {address.path} shows the other council's data."
        assert response.status_code < 500, f"{method} {address.path}: {response.status_code}"
        assert domains_of(response.cookies) == []
        if address.is_foreign:
            assert response.status_code in {404, 405}, f"{method} {address.path}"
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("unchanged")
def test_an_id_of_the_other_council_looks_like_one_nobody_has(
    ours: Filled, theirs: Filled, client_for: ClientFor
) -> None:
    client = with_key(client_for(ours.council), ours)
    for address in addresses(ours, theirs):
        if not address.is_foreign or "<int:" not in address.pattern:
            continue
        (value,) = set(address.path.split("/")) - set(address.pattern.split("/"))
        nobody = address.path.replace(f"/{value}", "/987654321")
        told, untold = client.get(address.path), client.get(nobody)
        assert told.status_code == untold.status_code
        assert _page(told, value) == _page(untold, "987654321"), address.path


def _page(response: HttpResponseBase, number: str) -> str:
    """What is sent, without the number asked for and what is random in every answer."""
    text = everything_sent(response).replace(number, "#")
    text = re.sub(r"expires=[^;]+", "", text)  # it ticks between the two
    text = re.sub(r"(Content-Length': ')\d+", r"\1", text)  # the number is in it
    return re.sub(r'(csrfmiddlewaretoken" value="|X-Request-Id\': \'|"request_id":")\w+', "", text)


def with_key(client: Client, council: Filled) -> Client:
    """The client, with an API key of the council beside its session."""
    with enter(council.council):
        until = clock.now() + timedelta(days=1)
        _, text = make_key(NewKey("Crawl", list(SCOPES), until), actor=ACTOR, at=clock.now())
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


@pytest.mark.usefixtures("unchanged")
def test_a_session_of_the_other_council_is_no_session(
    ours: Filled, theirs: Filled, owner: Client
) -> None:
    key = owner.cookies["ims_session"].value
    for address in addresses(ours, theirs):
        thief = Client(headers={"host": NORTHMOOR_HOST})
        thief.cookies["ims_session"] = key
        response = thief.get(address.path, follow=True)
        sent = everything_sent(response)
        assert not theirs.in_text(sent), address.path
        assert not ours.in_text(sent), address.path
        # The API answers whoever has no key of this council the same, whatever is asked.
        refused = {401} if address.path.startswith("/api/") else set()
        assert response.status_code in {200, 400, 404, 405} | refused, address.path
        if response.status_code == 200 and address.pattern not in OPEN:
            # Nothing but the pages of signing in, whatever was asked for.
            assert response.resolver_match.url_name in SIGNING_IN, address.path
    assert owner.get("/").status_code == 200, "The owner was signed out by the thief."
    assert theirs.council.name in owner.get("/").content.decode()


@pytest.mark.usefixtures("unchanged")
def test_a_copied_session_row_is_ended(ours: Filled, theirs: Filled, owner: Client) -> None:
    """Even where the row itself is copied into the other schema, with a person of the same id."""
    with enter(theirs.council):
        (row,) = Session.objects.values("session_key", "session_data", "expire_date")
    with enter(ours.council):
        Session.objects.create(**row)
    thief = Client(headers={"host": NORTHMOOR_HOST})
    thief.cookies["ims_session"] = row["session_key"]
    response = thief.get("/transactions")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in")
    assert owner.get("/").status_code == 200


HEADERS = (
    "X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "X-Original-Host",
    "X-Original-URL", "X-Rewrite-URL", "X-Tenant", "Tenant", "X-Real-IP",
)  # fmt: skip


@pytest.mark.usefixtures("unchanged")
def test_no_header_but_host_chooses_the_council(
    ours: Filled, theirs: Filled, client_for: ClientFor
) -> None:
    values = [EASTSHIRE_HOST, theirs.council.schema_name, str(theirs.council.uuid)]
    tries = [{name: value} for name in HEADERS for value in values]
    tries += [{"Forwarded": f"host={EASTSHIRE_HOST}"}, {"Forwarded": f'for=1;host="{values[0]}"'}]
    client = client_for(ours.council)
    for headers in tries:
        response = client.get("/transactions", headers=headers)
        assert response.status_code == 200
        sent = everything_sent(response)
        assert ours.council.name in sent
        assert ours.in_text(sent)
        assert not theirs.in_text(sent), headers
        assert EASTSHIRE_HOST not in sent, headers


ODD_HOSTS = (
    "NORTHMOOR.EXAMPLE", "northmoor.example.", "northmoor.example..", ".northmoor.example",
    "127.0.0.1", "[::1]", "0", "localhost.", "http://eastshire.example/", "//eastshire.example",
    "eastshire.example/", "eastshire.example#northmoor.example", "eastshire.example?x",
    "northmoor.example:80@eastshire.example", "eastshire.example@northmoor.example",
    "northmoor.example, eastshire.example", "northmoor.example\teastshire.example", "a" * 300,
    "x." * 150 + "example", "northmoor.example\r\nX-Forwarded-Host: eastshire.example",
    "northmoor.example\nSet-Cookie: a=b", "eastshire.example%0d%0a", "\x00",
    "northmoor.example:eastshire.example", "northmoor.example:99999999", "*", "*.example", "",
)  # fmt: skip


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("host", ODD_HOSTS)
def test_an_odd_host_is_no_council_or_the_one_it_names(
    ours: Filled, theirs: Filled, client_for: ClientFor, host: str
) -> None:
    client = client_for(ours.council)
    for path in ("/", "/transactions", "/transactions.csv", "/imports", "/sign-in", "/nowhere"):
        response = client.get(path, headers={"host": host})
        sent = everything_sent(response)
        assert not theirs.in_text(sent)
        assert theirs.council.name not in sent
        assert response.status_code < 500
        if ours.council.name in sent or ours.in_text(sent):
            # Only a port may be added to a council's own name.
            assert host.partition(":")[0] == NORTHMOOR_HOST
        else:
            assert response.status_code in {302, 400, 404}


def test_the_other_council_s_host_with_our_session_is_theirs_and_signed_out(
    ours: Filled, theirs: Filled, client_for: ClientFor
) -> None:
    client = client_for(ours.council)
    for host in (EASTSHIRE_HOST, f"{EASTSHIRE_HOST}:8000"):
        response = client.get("/transactions", headers={"host": host})
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in")
        assert not ours.in_text(everything_sent(response))
        assert not theirs.in_text(everything_sent(response))
