"""One item: what is known of it, and allocating it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from ims.funds.models import Fund
from ims.ledger.models import Entry, Period
from ims.suspense.models import Allocation, SuspenseItem
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import (
    NAMED,
    UNKNOWN,
    UNPAID,
    camt,
    counted,
    parked,
    posted,
    text_of,
)

CT, HR = "770012345", "60012345678"


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def answers(*accounts: tuple[str, str, str], **more: str) -> dict[str, str]:
    """What a browser sends for these accounts: fund, account, amount."""
    given = {"accounts": str(len(accounts)), "key": str(uuid.uuid4()), "note": ""}
    for place, (fund, account, amount) in enumerate(accounts, start=1):
        given |= {
            f"to-{place}-fund": fund,
            f"to-{place}-account": account,
            f"to-{place}-amount": amount,
        }
    return given | more


def send(client: Client, item: SuspenseItem, given: dict[str, str], *, follow: bool = True) -> Any:
    return client.post(f"/suspense/{item.pk}", given, follow=follow)


def left(item: SuspenseItem) -> int:
    return SuspenseItem.objects.get(pk=item.pk).remaining_pence


# --- looking
def test_an_item_shows_what_the_bank_wrote_and_where_it_came_from(client: Client) -> None:
    item = parked(NAMED, statement="MONDAY")
    answer = client.get(f"/suspense/{item.pk}")
    words = text_of(answer)
    assert "Payer T WILLIAMS" in words
    assert "Narrative COUNCIL TAX THANK YOU" in words
    assert "Rule Council Tax named: narrative contains “council tax”" in words
    assert "Import MONDAY.xml" in words
    assert "Line 1 of the file" in words
    assert "£70.00 put in suspense" in words
    assert 'value="70.00"' in answer.content.decode()


def test_it_takes_as_many_queries_with_one_allocation_as_with_three(client: Client) -> None:
    item = parked(UNKNOWN)
    send(client, item, answers(("CT", CT, "1")))
    with counted() as one:
        client.get(f"/suspense/{item.pk}")
    send(client, item, answers(("CT", CT, "1"), ("HR", HR, "2"), ("CT", CT, "3")))
    send(client, item, answers(("CT", CT, "1")))
    with counted() as three:
        client.get(f"/suspense/{item.pk}")
    assert len(one) == len(three) <= 20, "\n".join(three)


# --- allocating
def test_all_of_an_item_goes_to_one_account(client: Client) -> None:
    item = parked(UNKNOWN)
    words = text_of(send(client, item, answers(("CT", CT, "45.00"), note="Phoned the payer")))
    assert "£45.00 was allocated to 1 account. This item is cleared." in words
    assert "Cleared" in words
    assert "£45.00 to Council Tax, account 770012345. Phoned the payer" in words
    assert "Allocate this item" not in words
    assert left(item) == 0


def test_part_of_an_item_goes_to_two_accounts_and_the_rest_stays(client: Client) -> None:
    item = parked(UNKNOWN)
    answer = send(client, item, answers(("CT", CT, "£10.00"), ("HR", HR, "5")))
    words = text_of(answer)
    assert "£15.00 was allocated to 2 accounts. £30.00 remains." in words
    assert "£10.00 to Council Tax, account 770012345; £5.00 to Housing Rent" in words
    assert 'value="30.00"' in answer.content.decode()
    assert left(item) == 3_000


@pytest.mark.parametrize("typed", ["25", "-25.00"])
def test_money_out_is_allocated_without_thinking_of_signs(client: Client, typed: str) -> None:
    item = parked(UNPAID)
    assert "This is money out" in text_of(client.get(f"/suspense/{item.pk}"))
    words = text_of(send(client, item, answers(("CT", CT, typed))))
    assert "£25.00 was allocated to 1 account. This item is cleared." in words
    assert left(item) == 0


def test_a_double_press_allocates_once(client: Client) -> None:
    item = parked(UNKNOWN)
    given = answers(("CT", CT, "10"))
    send(client, item, given)
    words = text_of(send(client, item, given))
    assert "£10.00 was allocated to 1 account. £35.00 remains." in words
    assert (left(item), Allocation.objects.count()) == (3_500, 1)


def test_going_back_and_sending_other_amounts_is_not_the_same_allocation(client: Client) -> None:
    item = parked(UNKNOWN)
    given = answers(("CT", CT, "10"))
    send(client, item, given)
    answer = send(client, item, given | {"to-1-amount": "20"})
    assert "You already allocated from this page, with other answers" in text_of(answer)
    assert left(item) == 3_500
    (key,) = re.findall(r'name="key" value="([^"]+)"', answer.content.decode())
    assert key != given["key"]
    send(client, item, given | {"to-1-amount": "20", "key": key})
    assert left(item) == 1_500


def test_the_second_of_two_people_is_told_what_remains(
    council: Council, client_for: ClientFor
) -> None:
    item = parked(UNKNOWN)
    send(client_for(council), item, answers(("CT", CT, "40")))
    words = text_of(send(client_for(council), item, answers(("HR", HR, "45"))))
    assert "These amounts add up to £45.00, and £5.00 remains on the item." in words
    assert left(item) == 500


def test_a_cleared_item_cannot_be_allocated_again(client: Client) -> None:
    item = parked(UNKNOWN)
    send(client, item, answers(("CT", CT, "45")))
    words = text_of(send(client, item, answers(("CT", CT, "45"))))
    assert "This item is already cleared." in words
    assert Allocation.objects.count() == 1


# --- what cannot be allocated
@pytest.mark.parametrize(
    ("account", "field", "words"),
    [
        (("", CT, "1"), "fund", "Select a fund"),
        (("CT", "", "1"), "account", "Enter the account, as it stands on the bill"),
        (("CT", CT, ""), "amount", "Enter an amount"),
        (("CT", CT, "NaN"), "amount", "“NaN” is not an amount"),
        (("CT", CT, "1.005"), "amount", "“1.005” is not an amount"),
        (("CT", CT, "99999999999999"), "amount", "not an amount"),
        (("CT", CT, "0"), "amount", "£0.00 cannot be allocated"),
        (("CT", CT, "-1"), "amount", "Enter an amount with the same sign"),
        (("CT", CT, "45.01"), "amount", "These amounts add up to £45.01, and £45.00 remains"),
        (("CT", "12", "1"), "account", "“12” does not look like the account number of Council Tax"),
        (("CT", "x" * 41, "1"), "account", "at most 40 characters"),
        (("CT", "77\x0012345", "1"), "account", "Null characters are not allowed"),
        (("SUSP", CT, "1"), "fund", "Select a valid choice"),
        (("OLD", CT, "1"), "fund", "Select a valid choice"),
        (("'--", CT, "1"), "fund", "Select a valid choice"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_moves(
    client: Client, account: tuple[str, str, str], field: str, words: str
) -> None:
    item = parked(UNKNOWN)
    good = ("HR", HR, "0.01") if "add up" not in words else ("HR", HR, "0.00")
    given = answers(account) if "add up" in words else answers(good, account)
    answer = send(client, item, given)
    place = 1 if "add up" in words else 2
    html = answer.content.decode()
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert f'href="#id_to-{place}-{field}"' in html
    assert f'id="id_to-{place}-{field}-error"' in html
    assert left(item) == 4_500
    assert not Allocation.objects.exists()


def test_every_mistake_is_said_at_once(client: Client) -> None:
    item = parked(UNKNOWN)
    words = text_of(send(client, item, answers(("", "", ""), ("", "", ""))))
    assert words.count("Select a fund") >= 4
    assert words.count("Enter an amount") >= 4
    assert "Account 1: Select a fund" in words
    assert "Account 2: Select a fund" in words


def test_a_closed_period_is_said_for_the_allocation_as_a_whole(client: Client) -> None:
    item = parked(UNKNOWN)
    Period.objects.update(closed_at=clock.now())
    answer = send(client, item, answers(("CT", CT, "1")))
    assert "There is a problem" in text_of(answer)
    assert "No accounting period is open for 3 August 2026" in text_of(answer)
    assert left(item) == 4_500


def test_a_fund_closed_while_the_page_was_open_is_refused(client: Client) -> None:
    item = parked(UNKNOWN)
    Fund.objects.filter(code="HR").update(is_active=False)
    answer = send(client, item, answers(("HR", HR, "1")))
    assert 'id="id_to-1-fund-error"' in answer.content.decode()
    assert left(item) == 4_500


@pytest.mark.parametrize("key", ["", "not-a-key", "x" * 300])
def test_a_key_that_was_tampered_with_breaks_nothing(client: Client, key: str) -> None:
    item = parked(UNKNOWN)
    answer = send(client, item, answers(("CT", CT, "1"), key=key))
    assert answer.status_code == 200
    assert Allocation.objects.count() in (0, 1)


# --- more accounts, without scripts
def test_an_account_is_added_and_taken_away_keeping_the_answers(client: Client) -> None:
    item = parked(UNKNOWN)
    given = answers(("CT", CT, "10"), note="Half each")
    answer = send(client, item, given | {"add": "1"})
    html = answer.content.decode()
    assert "Account 2" in text_of(answer)
    assert 'value="770012345"' in html
    assert 'value="Half each"' in html
    assert f'name="key" value="{given["key"]}"' in html
    assert "There is a problem" not in html
    answer = send(client, item, answers(("CT", CT, "10"), ("HR", HR, "5")) | {"remove": "0"})
    html = answer.content.decode()
    assert f'value="{HR}"' in html
    assert CT not in html
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("count", ["0", "-3", "11", "9999999", "x", "", "²"])
def test_the_number_of_accounts_stays_between_one_and_ten(client: Client, count: str) -> None:
    item = parked(UNKNOWN)
    answer = send(client, item, {"accounts": count, "add": "1"})
    shown = answer.content.decode().count("<fieldset")
    assert shown == (10 if count == "11" else 2)


def test_ten_accounts_are_the_most_at_a_time(client: Client) -> None:
    item = parked(UNKNOWN)
    ten = answers(*[("CT", CT, "1")] * 10)
    answer = send(client, item, ten | {"add": "1"})
    assert answer.content.decode().count("<fieldset") == 10
    assert "An item can be split over 10 accounts at a time" in text_of(answer)
    send(client, item, ten)
    assert left(item) == 3_500


@pytest.mark.parametrize("place", ["-1", "5", "x", "99", ""])
def test_removing_what_is_not_there_changes_nothing(client: Client, place: str) -> None:
    item = parked(UNKNOWN)
    answer = send(client, item, answers(("CT", CT, "1"), ("HR", HR, "2")) | {"remove": place})
    assert answer.content.decode().count("<fieldset") == 2


# --- whose, and who may
def test_an_item_of_the_other_council_is_not_found(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        theirs = parked(UNKNOWN)
    client = client_for(northmoor)
    assert client.get(f"/suspense/{theirs.pk}").status_code == 404
    answer = send(client, theirs, answers(("CT", CT, "1")))
    assert answer.status_code == 404
    assert "A N OTHER" not in text_of(answer)
    with enter(eastshire):
        assert left(theirs) == 4_500


@pytest.mark.parametrize("number", [0, 999, 2**31, 2**63, 10**30])
def test_an_item_that_is_not_there_is_not_found(client: Client, number: int) -> None:
    assert client.get(f"/suspense/{number}").status_code == 404


def test_who_only_looks_cannot_allocate(council: Council, client_for: ClientFor) -> None:
    item = parked(UNKNOWN)
    client = client_for(council, ["suspense.view"])
    page = client.get(f"/suspense/{item.pk}")
    assert "Waiting to be allocated" in text_of(page)
    assert "/transactions" not in page.content.decode()
    assert 'href="/imports/' not in page.content.decode()
    assert send(client, item, answers(("CT", CT, "1"))).status_code == 403
    assert left(item) == 4_500


def test_the_next_item_is_one_press_away(client: Client) -> None:
    posted(camt(UNKNOWN, NAMED))
    first, second = SuspenseItem.objects.order_by("pk")
    html = client.get(f"/suspense/{first.pk}").content.decode()
    assert f'href="/suspense/{second.pk}"' in html
    answer = send(client, first, answers(("CT", CT, "45")))
    assert (
        f'<a class="govuk-link" href="/suspense/{second.pk}">Next item' in answer.content.decode()
    )
    answer = send(client, second, answers(("CT", CT, "70")))
    assert "Nothing else is in suspense." in text_of(answer)
    assert Entry.objects.filter(kind="allocation").count() == 2
