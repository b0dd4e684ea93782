"""The page of one transaction."""

from __future__ import annotations

import pytest

from ims.ledger.services import reverse
from ims.receipts.selectors import receipts
from ims.suspense.selectors import find_by_entry
from ims.suspense.services import Target, allocate
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.money import ACTOR, Payment, bank_file, day, post, take
from tests.ims.backoffice.bank_day import counted, text_of


def test_a_line_of_a_file_is_explained(council: Council, client_for: ClientFor) -> None:
    file = post(bank_file(BankLine(day(0), 4_500, "A PAYER", "770000001", "INSTALMENT")))
    number = encode(receipts().get(import_file_id=file.pk).pk)
    answer = client_for(council).get(f"/transactions/{number.lower()}")
    page = text_of(answer)
    assert f"Receipt {number}" in page
    assert "£45.00 in, received" in page
    assert "statement.csv" in page
    assert "“Council Tax by account number”: when any text matches the pattern" in page
    assert "it is money in, fund CT" in page
    assert "It will be sealed shortly" in page
    assert "In none yet" in page
    assert f'href="/imports/{file.pk}"' in answer.content.decode()


def test_links_lead_only_where_the_person_may_go(council: Council, client_for: ClientFor) -> None:
    file = post(bank_file(BankLine(day(0), 4_500, "A PAYER", "NOBODY", "KNOWS")))
    number = encode(receipts().get(import_file_id=file.pk).pk)
    html = client_for(council, ["ledger.view"]).get(f"/transactions/{number}").content.decode()
    assert "statement.csv" in html
    assert "In suspense" in html
    assert 'href="/imports' not in html
    assert 'href="/suspense' not in html


def test_vat_stands_beside_each_line_of_an_allocation(
    council: Council, client_for: ClientFor
) -> None:
    (entry_id,) = take(Payment(1_800, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    targets = [Target("TW", "TW00001", 1_200), Target("CT", "770000001", 600)]
    moved = allocate(item.pk, targets, actor=ACTOR, at=clock.now(), narrative="Rang the payer")
    page = text_of(client_for(council).get(f"/transactions/{encode(moved)}"))
    assert f"Allocation from suspense {encode(moved)}" in page
    assert "Nothing comes in or goes out" in page
    assert "TW00001 Journal Standard rated 20% £2.00 £12.00" in page
    assert f"Moved from: receipt {encode(entry_id)}" in page
    receipt = text_of(client_for(council).get(f"/transactions/{encode(entry_id)}"))
    assert "Cleared from suspense" in receipt
    assert "Allocated from suspense" in receipt
    assert "£18.00. Rang the payer" in receipt


def test_a_reversed_receipt_says_so(council: Council, client_for: ClientFor) -> None:
    (entry_id,) = take(Payment(900))
    back = reverse(entry_id, reason="Paid twice by us", actor=ACTOR, at=clock.now())
    page = text_of(client_for(council).get(f"/transactions/{encode(entry_id)}"))
    assert "Reversed" in page
    assert f"Correction: reversal {encode(back)}" in page
    assert "Paid twice by us" in page


@pytest.mark.parametrize("number", ["ABCDEF", "x", "%00", "0" * 300, "%E2%82%AC", "..%2F"])
def test_a_number_that_leads_nowhere_gets_help(
    council: Council, client_for: ClientFor, number: str
) -> None:
    answer = client_for(council).get(f"/transactions/{number}")
    assert answer.status_code == 404


def test_the_page_for_a_wrong_number_offers_a_search(
    council: Council, client_for: ClientFor
) -> None:
    page = text_of(client_for(council).get("/transactions/ABCDEF"))
    assert "There is no transaction ABCDEF" in page
    assert "is not a receipt number" in page
    assert "search by account, amount, date or payer" in page


def test_its_queries_do_not_grow(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    (entry_id,) = take(Payment(900, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    address = f"/transactions/{encode(entry_id)}"
    with counted() as before:
        client.get(address)
    for _ in range(5):
        allocate(item.pk, [Target("CT", "770000001", 10)], actor=ACTOR, at=clock.now())
    with counted() as after:
        client.get(address)
    assert len(after) == len(before) == 15, "\n".join(after)


def test_another_councils_number_is_not_found(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        ids = take(*(Payment(payer="Eastshire Only") for _ in range(3)))
    for entry_id in ids:
        answer = client_for(northmoor).get(f"/transactions/{encode(entry_id)}")
        assert answer.status_code == 404
        assert "Eastshire Only" not in text_of(answer)
