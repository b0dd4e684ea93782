"""The search page: filters in words, pages, empty states, and input that makes no sense."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.money import Payment, day, take
from tests.ims.backoffice.bank_day import counted, text_of

# Host, session, person, roles; funds and methods for the filters; lines, their receipts, the count.
QUERIES = 10


def test_the_newest_come_first_and_lead_to_their_page(
    council: Council, client_for: ClientFor
) -> None:
    old, new = take(Payment(100, days_ago=5, payer="Old Payer"), Payment(200, payer="New Payer"))
    html = client_for(council).get("/transactions").content.decode()
    assert html.index("New Payer") < html.index("Old Payer")
    assert f'href="/transactions/{encode(new)}"' in html
    assert f'href="/transactions/{encode(old)}"' in html
    assert "2 lines, £3.00, newest first." in html


def test_a_receipt_number_is_found_however_it_is_typed(
    council: Council, client_for: ClientFor
) -> None:
    (found, _) = take(Payment(100, payer="Wanted"), Payment(200, payer="Other"))
    number = encode(found)
    for typed in (
        number,
        number.lower(),
        f"{number[:3]} {number[3:]}",
        f" {number[:2]}-{number[2:]}",
    ):
        page = text_of(client_for(council).get(f"/transactions?receipt={quote(typed)}"))
        assert "Wanted" in page
        assert "Other" not in page


def test_filters_in_force_are_said_and_can_be_taken_away_one_by_one(
    council: Council, client_for: ClientFor
) -> None:
    take(Payment(4_500, method="CARD"))
    html = client_for(council).get("/transactions?fund=CT&amount=40+to+50&after=x").content.decode()
    assert "Fund: Council Tax (CT)" in html
    assert "Amount in pounds: £40.00 to £50.00" in html
    assert 'class="ims-chip" href="?amount=40+to+50"' in html
    assert 'class="ims-chip" href="?fund=CT"' in html


def test_pages_follow_each_other_without_gap_or_repeat(
    council: Council, client_for: ClientFor
) -> None:
    ids = take(*(Payment(100 + n, days_ago=n % 7) for n in range(120)))
    client, address, seen = client_for(council), "/transactions?fund=CT", []
    for _ in range(3):
        html = client.get(address).content.decode()
        seen += [i for i in ids if f'"/transactions/{encode(i)}"' in html]
        if "Next page" not in html:
            break
        link = html.split('rel="next"')[0].rsplit('href="', 1)[1].split('"', 1)[0]
        address = "/transactions" + link.replace("&amp;", "&")
    assert sorted(seen) == ids
    assert "Previous page" in html
    assert "Back to the newest" in html


def test_text_is_looked_for_in_a_year_and_it_says_which(
    council: Council, client_for: ClientFor
) -> None:
    take(Payment(100, payer="Winterbourne"), Payment(200, days_ago=380, payer="Winterbourne"))
    page = text_of(client_for(council).get("/transactions?text=winterb"))
    assert "Text is looked for in 12 months at a time" in page
    assert "1 line, £1.00" in page
    dates = urlencode({"text": "winterb", "end": f"{day(370):%d/%m/%Y}"})
    assert "1 line, £2.00" in text_of(client_for(council).get(f"/transactions?{dates}"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("receipt=00000", "is not a receipt number"),
        ("amount=1.234", "is not an amount"),
        ("amount=NaN", "is not an amount"),
        ("amount=5+to+x", "For a range, write 40 to 50."),
        ("start=31/2/2026", "is not a date"),
        ("start=2/11/2026&end=1/11/2026", "The last day must be on or after the first day."),
        ("fund=ZZ", "Choose a fund from the list."),
        ("method=%3Cscript%3E", "Choose a method from the list."),
        ("text=ab", "Enter at least 3 characters"),
        ("text=+a+", "Enter at least 3 characters"),
        ("text=abc&start=1/1/2020&end=1/6/2022", "12 months at a time"),
        ("text=abc%00", "Null characters are not allowed."),
        ("account=" + "9" * 61, "at most 60 characters"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    council: Council, client_for: ClientFor, query: str, said: str
) -> None:
    answer = client_for(council).get(f"/transactions?{query}")
    assert answer.status_code == 400
    page = text_of(answer)
    assert "There is a problem" in page
    assert said in page
    assert "Nothing was looked for" in page


@pytest.mark.parametrize(
    "query",
    [
        "after=rubbish", "after=%00", "before=W10", "after=" + "A" * 5_000, "unknown=1&fund=",
        "start=1/1/0001&text=abcd",
        "end=31/12/9999&text=abcd", "end=1/1/0001&text=abcd",
        "amount=-9999999999.99+to+9999999999.99",
        "account=%27%3B+drop+table+ledger_line%3B--", "text=%25%25%25", "text=%5C%5C%5C",
        "fund=&method=&start=",
    ],
)  # fmt: skip
def test_odd_but_readable_input_is_answered(
    council: Council, client_for: ClientFor, query: str
) -> None:
    take(Payment())
    assert client_for(council).get(f"/transactions?{query}").status_code == 200


def test_empty_states_say_what_to_do(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    assert "There are no transactions yet" in text_of(client.get("/transactions"))
    page = text_of(client.get("/transactions?account=1"))
    assert "Nothing matches" in page
    assert "money out has a minus sign" in page


def test_its_queries_are_fixed(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    take(Payment())
    with counted() as one:
        client.get("/transactions")
    take(*(Payment(100 + n, days_ago=n) for n in range(60)))
    for query in ("", "?text=winter", "?fund=CT&method=BANK&amount=1+to+2", "?account=770000001"):
        with counted() as many:
            client.get(f"/transactions{query}")
        assert len(many) <= len(one) == QUERIES, "\n".join(many)


def test_nothing_of_the_neighbour_is_found(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        ids = take(*(Payment(987_654, payer="Eastshire Only") for _ in range(3)))
    client = client_for(northmoor)
    for query in ("", "?text=eastshire", "?amount=9876.54", f"?receipt={encode(ids[0])}"):
        html = client.get(f"/transactions{query}").content.decode()
        assert "Eastshire" not in html
        assert not any(f"/transactions/{encode(i)}" in html for i in ids)


def test_reading_needs_the_permission(council: Council, client_for: ClientFor) -> None:
    client = client_for(council, ["suspense.view"])
    for address in ("/transactions", "/transactions.csv", "/transactions/000016"):
        assert client.get(address).status_code == 403
