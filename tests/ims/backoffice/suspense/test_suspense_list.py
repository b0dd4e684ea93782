"""The list of open items."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from ims.receipts.services import ReceiptDraft, take_batch
from ims.suspense import services
from ims.suspense.models import SuspenseItem
from ims.suspense.services import Target
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.web.pagination import write_cursor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import (
    DAY,
    NAMED,
    PRIYA,
    UNKNOWN,
    UNPAID,
    camt,
    counted,
    parked,
    posted,
    text_of,
)


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def aged(*days: int) -> None:
    """One unknown receipt of 1 pound a day of age, opened that many days ago."""
    for age in days:
        item = parked(
            BankLine(DAY, 100 * (age + 1), f"PAYER OF {age} DAYS"), statement=f"AGE-{age}"
        )
        opened_on = clock.today() - timedelta(days=age)
        SuspenseItem.objects.filter(pk=item.pk).update(opened_on=opened_on)


def test_nothing_in_suspense_says_so(client: Client) -> None:
    assert "Nothing is in suspense" in text_of(client.get("/suspense"))


def test_the_oldest_stand_first_with_what_is_known_of_them(client: Client) -> None:
    posted(camt(UNKNOWN, NAMED, UNPAID))
    aged(3)
    words = text_of(client.get("/suspense"))
    assert "4 items , £94.00 remaining" in words
    assert (
        "A N OTHER & SON HOLIDAY FASTER PAYMENT No rule recognises the line £45.00 £45.00" in words
    )
    assert "COUNCIL TAX THANK YOU No single account number found £70.00" in words
    assert "minus £25.00" in words
    assert words.index("A N OTHER") < words.index("PAYER OF 3 DAYS")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"age": "0"}, {0, 1}),
        ({"age": "1"}, {2, 7}),
        ({"age": "2"}, {8, 30}),
        ({"age": "3"}, {31, 90}),
        ({"age": "4"}, {91}),
        ({"amount": "8.00"}, {7}),
        ({"amount": "£ 8"}, {0, 1, 2, 7, 8, 30, 31, 90, 91}),  # not an amount: said, not obeyed
        ({"text": "of 9"}, {90, 91}),
        ({"text": "OF 9", "age": "4"}, {91}),
        ({"text": "100%"}, set()),
        ({"reason": "no_rule"}, {0, 1, 2, 7, 8, 30, 31, 90, 91}),
        ({"reason": "fund_closed"}, set()),
    ],
)
def test_filters_narrow_the_list(client: Client, query: dict[str, str], shown: set[int]) -> None:
    ages = (0, 1, 2, 7, 8, 30, 31, 90, 91)
    aged(*ages)
    words = text_of(client.get("/suspense", query))
    assert {age for age in ages if f"PAYER OF {age} DAYS" in words} == shown
    if not shown:
        assert "No items match" in words


def test_the_bands_add_up_and_lead_to_their_items(client: Client) -> None:
    aged(0, 1, 40)
    answer = client.get("/suspense")
    assert "Today and yesterday £3.00 2 items" in text_of(answer)
    assert "31 to 90 days £41.00 1 item" in text_of(answer)
    assert 'href="?age=3"' in answer.content.decode()


def test_filters_in_force_can_be_taken_away(client: Client) -> None:
    aged(5)
    html = client.get("/suspense", {"age": "1", "text": "payer"}).content.decode()
    assert 'href="?text=payer"' in html
    assert 'href="?age=1"' in html


def test_money_out_is_found_by_its_amount_without_sign(client: Client) -> None:
    posted(camt(UNKNOWN, UNPAID))
    for amount in ("25.00", "-25"):
        words = text_of(client.get("/suspense", {"amount": amount}))
        assert "UNPAID CHEQUE" in words
        assert "A N OTHER" not in words


@pytest.mark.parametrize(
    "query",
    [
        {"amount": "NaN"},
        {"amount": "1e9"},
        {"age": "77"},
        {"age": "-1"},
        {"reason": "'; drop table"},
        {"text": "x" * 500},
        {"text": "a\0b"},
        {"after": "zzz"},
        {"after": write_cursor(("not a date", 1))},
        {"before": write_cursor((3, 1))},
        {"amount": "9" * 40},
    ],
)
def test_filters_that_make_no_sense_never_break_the_page(
    client: Client, query: dict[str, str]
) -> None:
    aged(5)
    answer = client.get("/suspense", query)
    assert answer.status_code == 200
    assert "PAYER OF 5 DAYS" in text_of(answer)


def test_an_unreadable_amount_is_said_beside_its_field(client: Client) -> None:
    aged(5)
    html = client.get("/suspense", {"amount": "ten"}).content.decode()
    assert '<a href="#id_amount">“ten” is not an amount.' in html


def test_a_cleared_item_leaves_the_list(client: Client) -> None:
    item = parked(UNKNOWN)
    services.allocate(item.pk, [Target("CT", "770012345", 4_500)], actor=PRIYA, at=clock.now())
    assert "Nothing is in suspense" in text_of(client.get("/suspense"))


def many(number: int) -> None:
    """Parked receipts, all of one day."""
    take_batch(
        [
            ReceiptDraft("BANK", "XX", "", 100 + place, DAY, DAY, payer=f"PAYER {place:03d}")
            for place in range(number)
        ],
        actor=PRIYA,
        at=clock.now(),
    )


def test_pages_show_every_item_once(client: Client) -> None:
    many(120)
    seen: list[str] = []
    query = ""
    for _ in range(3):
        answer = client.get(f"/suspense{query}")
        seen += re.findall(r"PAYER (\d{3})", text_of(answer))
        html = answer.content.decode()
        query = html.split('rel="next"')[0].split('href="')[-1].split('"')[0]
    assert seen == [f"{place:03d}" for place in range(120)]


def test_a_page_takes_as_many_queries_for_one_item_as_for_fifty(client: Client) -> None:
    many(1)
    with counted() as one:
        client.get("/suspense")
    many(60)
    with counted() as fifty:
        client.get("/suspense?text=payer&reason=fund_unknown&age=4")
    # Host, session, person, roles; bands, items, receipts, totals.
    assert len(one) == len(fifty) == 9, "\n".join(fifty)


def test_it_shows_nothing_of_the_other_council(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        parked(UNKNOWN)
    assert "A N OTHER" not in text_of(client_for(northmoor).get("/suspense"))
    assert "A N OTHER" in text_of(client_for(eastshire).get("/suspense"))


def test_looking_needs_its_permission(council: Council, client_for: ClientFor) -> None:
    assert client_for(council, ["imports.view"]).get("/suspense").status_code == 403
    assert Client(headers={"host": "northmoor.example"}).get("/suspense").status_code == 302
