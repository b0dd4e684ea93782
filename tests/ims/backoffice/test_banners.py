"""The council's banners across the top of every page of its staff."""

from __future__ import annotations

import pytest

from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted
from tests.ims.council.settings_of_a_test import add_banner

ADDRESSES = ("/", "/transactions", "/imports", "/suspense", "/exports")


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_on_the_page_with_its_severity_as_a_word(
    northmoor: Council, eastshire: Council, client_for: ClientFor, address: str
) -> None:
    with enter(northmoor):
        add_banner("CLOSED", "The bank <closes> at noon", severity="urgent")
        add_banner("PAYERS", "For payers only", places=["payers"])
    page = client_for(northmoor).get(address).content.decode()
    assert "<strong>Urgent:</strong> The bank &lt;closes&gt; at noon</p>" in page
    assert "For payers only" not in page
    assert "The bank" not in client_for(eastshire).get(address).content.decode()


def test_nobody_sees_it_before_signing_in(northmoor: Council, client_for: ClientFor) -> None:
    with enter(northmoor):
        add_banner("CLOSED", "The bank closes at noon")
    client = client_for(northmoor)
    client.post("/sign-out")
    assert "The bank" not in client.get("/sign-in").content.decode()


def test_it_costs_one_query_however_many_there_are(
    northmoor: Council, client_for: ClientFor
) -> None:
    client = client_for(northmoor)
    client.get("/exports")
    with counted() as none:
        client.get("/exports")
    with enter(northmoor):
        for number in range(5):
            add_banner(f"B{number}", f"Message {number}")
    with counted() as five:
        client.get("/exports")
    assert len(none) == len(five)
    assert sum("council_banner" in query for query in five) == 1
