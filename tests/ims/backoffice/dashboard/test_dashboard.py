"""The dashboard: what it says, to whom, and at how many queries."""

from __future__ import annotations

from ims_config.demo.bank_files import BankLine
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.money import Payment, bank_file, day, take
from tests.ims.backoffice.bank_day import counted, text_of

# Host, session, person, roles; income, funds, methods; files, suspense and unsent twice; what is
# not set up; imports; banners.
QUERIES = 15


def test_a_new_council_is_told_how_to_begin(council: Council, client_for: ClientFor) -> None:
    page = text_of(client_for(council).get("/"))
    assert "Nothing came in during the last 30 days" in page
    assert "Upload a bank statement" in page
    assert "Suspense is empty" in page
    assert "every file is posted, suspense is empty and the ledger has every line" in page


def test_it_says_what_needs_somebody_and_what_came_in(
    council: Council, client_for: ClientFor
) -> None:
    take(Payment(10_000, method="CARD"), Payment(2_500, days_ago=3), Payment(77, parked=True))
    bank_file(BankLine(day(0), 500, "A", "B", "C"), name="monday.csv")
    page = text_of(client_for(council).get("/"))
    assert "Post 1 file Checked and ready: 1 line. £5.00" in page
    assert "Explain 1 suspense item" in page
    assert "Send 3 lines to the ledger" in page
    assert "Today £100.77 2 payments" in page
    assert "Last 7 days £125.77 3 payments" in page
    assert "Council Tax £100.00 £125.00 £125.00" in page
    assert "Card £100.00 £100.00 £100.00" in page
    assert "monday.csv" in page


def test_funds_lead_to_their_lines_of_the_same_days(
    council: Council, client_for: ClientFor
) -> None:
    take(Payment(10_000, days_ago=29), Payment(4_000, days_ago=30))
    client = client_for(council)
    html = client.get("/").content.decode()
    query = html.split('href="/transactions?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    page = text_of(client.get(f"/transactions?{query}"))
    assert "Fund: Council Tax (CT)" in page
    assert "1 line, £100.00" in page


def test_its_queries_are_fixed(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    with counted() as empty:
        client.get("/")
    take(*(Payment(100 + n, days_ago=n, parked=n % 3 == 0) for n in range(40)))
    for n in range(4):
        bank_file(BankLine(day(0), 500 + n, "A", "B", "C"), name=f"{n}.csv")
    with counted() as full:
        client.get("/")
    assert len(full) == len(empty) == QUERIES, "\n".join(full)


def test_each_part_needs_its_own_permission(council: Council, client_for: ClientFor) -> None:
    take(Payment(100), Payment(70, parked=True))
    page = text_of(client_for(council, ["ledger.view"]).get("/"))
    assert "Income by fund" in page
    for hidden in ("What needs you now", "Suspense by age", "Latest imports", "Exports"):
        assert hidden not in page


def test_without_the_permission_there_is_no_dashboard(
    council: Council, client_for: ClientFor
) -> None:
    answer = client_for(council, []).get("/")
    assert answer.status_code == 403
    assert "You cannot open this page" in text_of(answer)


def test_nothing_of_the_neighbour_is_on_it(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        take(Payment(987_654), Payment(876_543, parked=True))
        bank_file(BankLine(day(0), 765_432, "Eastshire payer", "B", "C"), name="eastshire.csv")
    page = text_of(client_for(northmoor).get("/"))
    for theirs in ("9,876.54", "8,765.43", "7,654.32", "Eastshire", "eastshire", "Music"):
        assert theirs not in page
    assert "9,876.54" in text_of(client_for(eastshire).get("/"))
