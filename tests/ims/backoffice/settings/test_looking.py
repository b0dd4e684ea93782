"""The first page, the list of a kind and the page of a record."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from ims.backoffice.settings import extras
from ims.backoffice.settings.extras import Extra
from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportRule
from ims_kernel import clock
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import kinds, services, uses
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import EVERY_PAGE
from tests.ims.backoffice.settings.own_kinds import ALL, METHODS


def many(number: int, *, active: bool = True) -> None:
    MethodOfPayment.objects.bulk_create(
        MethodOfPayment(
            code=f"Z{place:03d}", name=f"Way {place}", purpose="card", control_code="9200",
            is_active=active,
        )
        for place in range(number)
    )  # fmt: skip


def test_every_kind_stands_in_its_section_with_its_counts(client: Client) -> None:
    many(2, active=False)
    words = text_of(client.get("/settings"))
    assert "Ways to pay A way that money arrives, and the control account" in words
    assert "4 in use 2 retired" in words
    assert words.index("Money") < words.index("Imports and exports Profiles")
    assert "VAT rounding How the VAT" in words
    assert "for a second person" not in words


def test_only_what_one_may_see_is_shown(
    own_kinds: None, council: Council, client_for: ClientFor
) -> None:
    assert client_for(council, ["ledger.view"]).get("/settings").status_code == 403
    reader = client_for(council, ["settings.view"])
    words = text_of(reader.get("/settings"))
    assert "Ways to pay" in words
    page = reader.get("/settings/ways")
    assert "Add a way to pay" not in text_of(page)
    record = text_of(reader.get("/settings/ways/CARD"))
    assert "Retire" not in record
    assert "9110" in record


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ("card", {"CARD Card", "way to pay"}, {"CASH Cash"}),
        ("CAS", {"CASH Cash"}, {"CARD Card"}),
        ("rounding", {"VAT rounding"}, {"Items"}),
        ("signing key", {"Items"}, {"Profiles"}),
        ("zzz", {"Nothing is called “zzz”"}, {"Items"}),
        ("a%b", {"Nothing is called “a%b”"}, set()),
    ],
)
def test_the_search_finds_records_kinds_and_fields(
    client: Client, text: str, shown: set[str], hidden: set[str]
) -> None:
    words = text_of(client.get("/settings", {"text": text}))
    assert all(each in words for each in shown), words
    assert not any(each in words for each in hidden), words


def test_the_search_says_what_is_retired(client: Client) -> None:
    MethodOfPayment.objects.filter(code="CARD").update(is_active=False)
    words = text_of(client.get("/settings", {"text": "card"}))
    assert "CARD Card way to pay Retired" in words


@pytest.mark.parametrize(
    "query",
    [{"text": "x" * 500}, {"text": "a\0b"}, {"state": "gone"}, {"after": "zzz"}, {"before": "W1"}],
)
@pytest.mark.parametrize("path", ["/settings", "/settings/ways", "/settings/things"])
def test_questions_that_make_no_sense_never_break_a_page(
    client: Client, path: str, query: dict[str, str]
) -> None:
    assert client.get(path, query).status_code == 200


def test_the_list_shows_columns_state_and_search(client: Client) -> None:
    MethodOfPayment.objects.filter(code="CASH").update(is_active=False)
    words = text_of(client.get("/settings/ways"))
    assert "Code Name Purpose State" in words
    assert "BANK Bank credit Bank credit In use" in words
    assert "CASH" not in words
    assert "CASH Cash Cash Retired" in text_of(client.get("/settings/ways", {"state": "retired"}))
    everything = text_of(client.get("/settings/ways", {"state": "all", "text": "ca"}))
    assert "CASH Cash" in everything
    assert "CARD Card" in everything
    assert "BANK" not in everything


def test_an_empty_list_says_what_to_do_next(client: Client) -> None:
    ImportRule.objects.all().delete()
    words = text_of(client.get("/settings/things"))
    assert "No items yet" in words
    assert "Add the first item" in words
    assert "No ways to pay match" in text_of(client.get("/settings/ways", {"text": "zzz"}))
    assert "None is retired" in text_of(client.get("/settings/ways", {"state": "retired"}))
    MethodOfPayment.objects.update(is_active=False)
    words = text_of(client.get("/settings/ways"))
    assert "All ways to pay are retired" in words
    assert "See the 4 retired" in words


def test_pages_show_every_record_once_in_the_order_of_the_kind(client: Client) -> None:
    ImportRule.objects.all().delete()
    ImportRule.objects.bulk_create(
        ImportRule(code=f"c{place}", name=f"N{(place * 37) % 120:03d}", order=place, action={})
        for place in range(120)
    )
    seen: list[str] = []
    query = ""
    for _ in range(3):
        answer = client.get(f"/settings/things{query}")
        seen += re.findall(r"N(\d{3})</td>", answer.content.decode())
        html = answer.content.decode()
        query = html.split('rel="next"')[0].split('href="')[-1].split('"')[0]
    assert seen == [f"{(place * 37) % 120:03d}" for place in range(120)]


def test_a_list_takes_as_many_queries_for_one_record_as_for_fifty(client: Client) -> None:
    with counted() as few:
        client.get("/settings/ways")
    many(60)
    with counted() as fifty:
        client.get("/settings/ways")
    # The records, and how many there are.
    assert len(few) == len(fifty) == EVERY_PAGE + 2, "\n".join(fifty)


def test_the_first_page_takes_one_query_a_kind(client: Client) -> None:
    with counted() as found:
        client.get("/settings")
    # What waits, and a count of each kind but the single one.
    assert len(found) == EVERY_PAGE + 1 + len(ALL) - 1, "\n".join(found)


def test_a_record_says_what_it_is_in_words(client: Client) -> None:
    ImportRule.objects.all().delete()
    kept = {
        "message": "Two\nlines", "method": "CARD", "others": ["BANK", "CASH"], "big": "collected",
        "channels": ["web", "desk"], "open": False, "most": 123_456, "fee": 1_750,
        "colour": "#1d4f91", "starts_on": "2026-04-01", "secret": "",
        "rates": [{"starts_on": "2026-04-01", "rate": 2_000, "channel": "desk", "fixed": True}],
    }  # fmt: skip
    ImportRule.objects.create(name="Any / name", order=1, action={"kept": kept})
    answer = client.get("/settings/things/Any%20/%20name")
    words = text_of(answer)
    for each in (
        "Any / name In use", "Way to pay CARD Card", "BANK Bank credit CASH Cash",
        "Collection agent", "Web, Cash desk", "Open to the public No", "Most £1,234.56",
        "Fee 17.5%", "1 April 2026",
        "Signing key Not set", "From Rate Channel Fixed 1 April 2026 20% Cash desk Yes", "#1d4f91",
        "Nothing uses it yet", "Nothing was changed here",
    ):  # fmt: skip
        assert each in words, f"{each}: {words}"
    html = answer.content.decode()
    assert 'href="/settings/ways/CARD"' in html
    assert 'fill="#1d4f91"' in html
    assert "Two\nlines" in html


def test_where_a_record_is_used_leads_there(client: Client) -> None:
    uses.register("ways", "receipts today", lambda _: 1_234, href="/transactions", blocks=True)
    answer = client.get("/settings/ways/BANK")
    words = text_of(answer)
    assert re.search(r"Profiles in use [1-9]", words)
    assert "Receipts today 1,234" in words
    assert 'href="/settings/profiles"' in answer.content.decode()


def test_a_kind_with_one_record_is_its_record(client: Client) -> None:
    words = text_of(client.get("/settings/rounding"))
    assert "Rounding Half a penny up" in words
    assert "Where it is used" not in words
    assert "Put back" not in words
    assert client.get("/settings/rounding/settings")["Location"] == "/settings/rounding"
    assert client.get("/settings/rounding/settings/retire")["Location"] == "/settings/rounding"
    assert client.get("/settings/rounding/add")["Location"] == "/settings/rounding/settings/edit"


@pytest.mark.parametrize(
    "path",
    [
        "nothing", "nothing/add", "ways/NONE", "ways/NONE/edit", "ways/NONE/retire", "nothing/CARD",
        "ways/NONE/restore", "ways/CARD/CARD", "changes/999",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/settings/{path}").status_code == 404
    assert client.post(f"/settings/{path}").status_code in {404, 405}


def test_nothing_of_the_other_council_is_shown(
    own_kinds: None, northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        MethodOfPayment.objects.create(code="ONLY", name="Theirs", purpose="card", control_code="1")
    here, there = client_for(northmoor), client_for(eastshire)
    for path in ("/settings?text=theirs", "/settings/ways?state=all"):
        assert "ONLY Theirs" in text_of(there.get(path))
        assert "ONLY" not in text_of(here.get(path))
    assert here.get("/settings/ways/ONLY").status_code == 404
    assert there.get("/settings/ways/ONLY").status_code == 200


def test_a_kind_may_be_for_fewer_eyes(
    own_kinds: None, monkeypatch: pytest.MonkeyPatch, council: Council, client_for: ClientFor
) -> None:
    hidden = {"ways": replace(METHODS, see="imports.view")}
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, **hidden})
    reader = client_for(council, ["settings.view", "receipts.take"])
    assert "Ways to pay" not in text_of(reader.get("/settings"))
    assert "CARD" not in text_of(reader.get("/settings", {"text": "card"}))
    for path in ("", "/add", "/CARD", "/CARD/edit", "/CARD/retire", "/CARD/restore"):
        assert reader.get(f"/settings/ways{path}").status_code == 403
        assert reader.post(f"/settings/ways{path}").status_code in {403, 405}


def test_a_record_takes_the_same_queries_however_long_its_history(
    client: Client, actor: Actor
) -> None:
    with counted() as short:
        client.get("/settings/ways/CARD")
    for number in range(30):
        asked = Asked(actor, clock.now(), f"Change {number}")
        services.save(METHODS, "CARD", {"name": f"Card {number}"}, asked=asked)
    with counted() as long:
        client.get("/settings/ways/CARD")
    # The record, its history, what waits; and one for each link to it.
    assert len(short) == len(long) == EVERY_PAGE + 4, "\n".join(long)


def test_what_else_can_be_done_stands_on_its_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, council: Council, client_for: ClientFor
) -> None:
    more = {
        "ways": (
            Extra("Try all of them", "dashboard", "ledger.view"),
            Extra("Try this one", "transaction", "ledger.view", of_record=True),
        )
    }
    monkeypatch.setattr(extras, "EXTRAS", more)
    assert 'href="/">Try all of them</a>' in client.get("/settings/ways").content.decode()
    record = client.get("/settings/ways/CARD").content.decode()
    assert 'href="/transactions/CARD">Try this one</a>' in record
    assert "Try all" not in record
    reader = client_for(council, ["settings.view"])
    assert "Try this one" not in text_of(reader.get("/settings/ways/CARD"))
