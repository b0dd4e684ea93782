"""A message as its reader will see it."""

from __future__ import annotations

import pytest

from ims.council.messages import MESSAGES
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted
from tests.ims.council.settings_of_a_test import set_council, word


@pytest.mark.parametrize("code", MESSAGES)
def test_it_shows_examples_and_what_can_be_put_in(
    northmoor: Council, client_for: ClientFor, code: str
) -> None:
    page = client_for(northmoor).get(f"/settings/wording/{code}/preview").content.decode()
    for each in MESSAGES[code].placeholders:
        assert f"{{{{ {each.name} }}}}" in page
    assert "Northmoor District Council" in page


def test_it_shows_the_councils_own_words_as_text(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(northmoor):
        set_council(help_contact="Ring the bell")
        word("receipt", body="<script>{{ amount }}</script> {{ receipt_number }} {{ help }}")
    page = client_for(northmoor).get("/settings/wording/receipt/preview").content.decode()
    assert "&lt;script&gt;£123.45&lt;/script&gt;" in page
    assert "Ring the bell" in page
    theirs = client_for(eastshire).get("/settings/wording/receipt/preview").content.decode()
    assert "Ring the bell" not in theirs
    assert "£123.45&lt;" not in theirs


def test_who_may_see_it_and_what_is_not_there(northmoor: Council, client_for: ClientFor) -> None:
    assert client_for(northmoor).get("/settings/wording/nope/preview").status_code == 404
    client = client_for(northmoor, ["ledger.view"])
    assert client.get("/settings/wording/receipt/preview").status_code == 403


def test_every_preview_takes_the_same_queries(northmoor: Council, client_for: ClientFor) -> None:
    client = client_for(northmoor)
    client.get("/settings/wording/receipt/preview")
    sizes = set()
    for code in MESSAGES:
        with counted() as queries:
            client.get(f"/settings/wording/{code}/preview")
        sizes.add(len(queries))
    assert len(sizes) == 1
