"""Finding lines by each thing that people know of them."""

from __future__ import annotations

from datetime import date

import pytest

from ims.reports import transactions
from ims.reports.errors import TooManyRows
from ims.reports.transactions import Criteria, check_download, count, download, find, search
from ims.suspense.selectors import find_by_entry
from ims.suspense.services import Target, allocate
from ims_kernel import clock
from ims_tenants.models import Council
from tests.factories.money import ACTOR, Payment, day, take
from tests.ims.backoffice.bank_day import counted


def entries(wanted: Criteria) -> list[int]:
    return sorted(search(wanted).values_list("entry_id", flat=True))


def text(words: str) -> Criteria:
    return Criteria(text=words, first_on=day(300), last_on=day(0))


def test_each_filter_finds_its_own_and_all_must_hold(council: Council) -> None:
    one, two, three = take(
        Payment(4_500, days_ago=1, account="770000001"),
        Payment(4_500, days_ago=2, account="770000002", method="CARD"),
        Payment(-4_500, days_ago=3, fund="TW", account="TW00001"),
    )
    funds = {line.fund.code: line.fund_id for line in search(Criteria())}
    card = search(Criteria(entry_id=two)).get().method_id
    assert entries(Criteria()) == [one, two, three]
    assert entries(Criteria(entry_id=one)) == [one]
    assert entries(Criteria(account="770000002")) == [two]
    assert entries(Criteria(fund_id=funds["TW"])) == [three]
    assert entries(Criteria(method_id=card)) == [two]
    assert entries(Criteria(amount=(4_500, 4_500))) == [one, two]
    assert entries(Criteria(amount=(-5_000, 0))) == [three]
    assert entries(Criteria(first_on=day(2), last_on=day(2))) == [two]
    assert entries(Criteria(fund_id=funds["CT"], amount=(-5_000, 0))) == []


@pytest.mark.parametrize("typed", ["TW00001", "tw00001", " TW 000 01 ", "tw 00001"])
def test_an_account_is_found_however_it_is_spaced(council: Council, typed: str) -> None:
    (found,) = take(Payment(fund="TW", account="TW00001"))
    assert entries(Criteria(account=typed)) == [found]


def test_text_is_found_in_payer_reference_and_narrative(council: Council) -> None:
    payer, reference, narrative = take(
        Payment(payer="Marchetti & Co", reference="x", narrative="x"),
        Payment(payer="x", reference="INV marchetti", narrative="x"),
        Payment(payer="x", reference="x", narrative="for MARCHETTI"),
    )
    assert entries(text("marchetti")) == [payer, reference, narrative]
    assert entries(text("100%")) == []
    assert entries(text("_archetti")) == []


def test_text_is_found_in_what_was_said_of_an_allocation(council: Council) -> None:
    (entry_id,) = take(Payment(900, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    moved = allocate(
        item.pk, [Target("CT", "770000001", 900)], actor=ACTOR, at=clock.now(),
        narrative="Payer rang: it is for Elm Grove",
    )  # fmt: skip
    assert entries(text("elm grove")) == [moved, moved]


def test_a_rare_word_is_narrowed_to_its_lines_and_a_common_one_is_not(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(*(Payment(100, payer="Marchetti") for _ in range(3)), Payment(50, payer="Other"))
    rows, found = find(text("marchetti"))
    assert (found.lines, found.pence, found.more) == (3, 300, False)
    assert rows.count() == 3
    monkeypatch.setattr(transactions, "COUNTED", 2)
    rows, found = find(text("marchetti"))
    assert (found.lines, found.more) == (2, True)
    assert rows.count() == 3


def test_counting_stops_where_it_is_told(council: Council) -> None:
    take(*(Payment(100) for _ in range(5)))
    all_of_them, some = count(search(Criteria())), count(search(Criteria()), up_to=3)
    assert (all_of_them.lines, all_of_them.pence, all_of_them.more) == (5, 500, False)
    assert (some.lines, some.more) == (3, True)


def test_a_download_has_every_line_newest_first_in_two_queries_a_chunk(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(*(Payment(100 + n, days_ago=n % 3) for n in range(11)))
    monkeypatch.setattr(transactions, "_CHUNK", 4)
    with counted() as queries:
        found = list(download(search(Criteria())))
    keys = [(row.line.received_on, row.line.pk) for row in found]
    assert len(keys) == 11
    assert keys == sorted(keys, reverse=True)
    # Funds, methods, VAT codes with their rates; then lines and receipts of three chunks.
    assert len(queries) == 10
    assert {row.payer for row in found} == {"A Winterbourne"}


def test_a_download_that_is_too_large_is_refused_before_it_starts(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(*(Payment() for _ in range(3)))
    monkeypatch.setattr(transactions, "DOWNLOADED", 2)
    with pytest.raises(TooManyRows, match="more than 2 lines"):
        check_download(search(Criteria()))
    monkeypatch.setattr(transactions, "DOWNLOADED", 3)
    assert check_download(search(Criteria())) == 3


def test_the_longest_dates_there_are_do_no_harm(council: Council) -> None:
    assert entries(Criteria(first_on=date.min, last_on=date.max)) == []
