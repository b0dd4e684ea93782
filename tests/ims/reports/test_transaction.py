"""One transaction with everything that belongs to it."""

from __future__ import annotations

import pytest

from ims.ledger.services import reverse
from ims.receipts.selectors import receipts
from ims.reports.errors import TransactionNotFound
from ims.reports.transaction import get_transaction
from ims.suspense.selectors import find_by_entry
from ims.suspense.services import Target, allocate
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.references import encode
from ims_tenants.models import Council
from tests.factories.money import ACTOR, Payment, bank_file, day, post, take
from tests.ims.backoffice.bank_day import counted


def test_a_line_of_a_file_knows_its_file_row_and_rule(council: Council) -> None:
    file = post(bank_file(BankLine(day(0), 4_500, "A PAYER", "770000001", "INSTALMENT")))
    entry_id = receipts().get(import_file_id=file.pk).pk
    found = get_transaction(encode(entry_id))
    assert found.origin is not None
    assert found.origin.file.pk == file.pk
    assert found.origin.row is not None
    assert "770000001" in found.origin.row.text
    assert found.origin.rule is not None
    assert found.origin.rule.name == "Council Tax by account number"
    assert found.block is None
    assert found.export_run is None


def test_a_parked_receipt_shows_its_allocations_and_an_allocation_what_it_cleared(
    council: Council,
) -> None:
    (entry_id,) = take(Payment(900, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    moved = [
        allocate(item.pk, [Target("CT", "770000001", 300)], actor=ACTOR, at=clock.now())
        for _ in range(2)
    ]
    found = get_transaction(encode(entry_id))
    assert found.suspense_item is not None
    assert found.suspense_item.remaining_pence == 300
    assert [other.entry.pk for other in found.corrections] == moved
    assert found.allocated_entry_ids == set(moved)
    assert [event.act for event in found.history] == ["suspense.allocate"] * 2
    other = get_transaction(encode(moved[0]))
    assert other.corrects is not None
    assert other.corrects.entry.pk == entry_id
    assert [line.amount_pence for line in other.lines] == [-300, 300]


def test_a_reversal_and_what_it_reversed_point_at_each_other(council: Council) -> None:
    (entry_id,) = take(Payment(900))
    back = reverse(entry_id, reason="Wrong council", actor=ACTOR, at=clock.now())
    assert [c.entry.pk for c in get_transaction(encode(entry_id)).corrections] == [back]
    corrects = get_transaction(encode(back)).corrects
    assert corrects is not None
    assert corrects.entry.pk == entry_id


def test_the_queries_do_not_grow_with_allocations(council: Council) -> None:
    (entry_id,) = take(Payment(900, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    with counted() as none_yet:
        get_transaction(encode(entry_id))
    for n in range(1, 5):
        targets = [Target("CT", f"77000000{k}", 10) for k in range(1, n + 1)]
        allocate(item.pk, targets, actor=ACTOR, at=clock.now())
    with counted() as many:
        get_transaction(encode(entry_id))
    assert len(many) == len(none_yet) == 9


@pytest.mark.parametrize("number", ["", "0", "ABCDEF", "00000", "\x00", "é" * 9, "9" * 400])
def test_what_is_no_receipt_number_is_not_found(council: Council, number: str) -> None:
    with pytest.raises(TransactionNotFound):
        get_transaction(number)


def test_a_number_nobody_used_may_be_another_councils(council: Council) -> None:
    with pytest.raises(TransactionNotFound, match="another council"):
        get_transaction(encode(987_654_321))
