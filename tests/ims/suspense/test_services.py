"""Parking and allocating: the remainder is exact, whoever works at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ims.funds.errors import FundNotFound
from ims.funds.models import Fund
from ims.ledger.errors import AlreadyReversed, SameKeyOtherContent
from ims.ledger.models import Entry, Line
from ims.ledger.services import reverse
from ims.receipts.services import take
from ims.suspense import selectors
from ims.suspense.errors import AllocationRefused, AlreadyAllocated, SuspenseItemNotFound
from ims.suspense.models import Allocation, SuspenseItem
from ims.suspense.services import MAX_TARGETS, Target, allocate
from ims_kernel.audit.selectors import history_of
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, ON, TESTER, counts, problems, receipt
from tests.factories.threads import at_once

CT1, CT2 = "770000001", "770000002"


def parked(pence: int = 10_000) -> SuspenseItem:
    """An item of money nobody can place."""
    entry_id = take(receipt(pence, account="?"), actor=TESTER, at=AT)
    return SuspenseItem.objects.get(entry_id=entry_id)


def to(item: SuspenseItem, *targets: Target, key: str | None = None) -> int:
    return allocate(item.pk, targets, actor=TESTER, at=AT, narrative="Found", idempotency_key=key)


def left(item: SuspenseItem) -> int:
    return SuspenseItem.objects.get(pk=item.pk).remaining_pence


def test_an_item_is_allocated_to_one_account(council: Council) -> None:
    item = parked()
    entry_id = to(item, Target("CT", CT1, 10_000))
    assert left(item) == 0
    made = Entry.objects.get(pk=entry_id)
    assert (made.kind, made.total_pence, made.corrects_id, made.narrative, made.received_on) == (
        "allocation",
        0,
        item.entry_id,
        "Found",
        ON,
    )
    lines = Line.objects.filter(entry_id=entry_id).order_by("position")
    assert [(x.fund.code, x.account_reference, x.amount_pence, x.method.code) for x in lines] == [
        ("SUSP", str(item.pk), -10_000, "JRNL"),
        ("CT", CT1, 10_000, "JRNL"),
    ]
    (allocation,) = selectors.list_allocations(item.pk)
    assert (allocation.entry_id, allocation.amount_pence, allocation.actor_name) == (
        entry_id,
        10_000,
        "Test",
    )
    (event,) = history_of("suspense", item.pk)
    assert event.facts == {"entry": entry_id, "amount_pence": 10_000, "remaining_pence": 0}
    assert problems() == []


def test_an_item_is_allocated_to_many_accounts_with_the_vat_of_each(council: Council) -> None:
    item = parked()
    entry_id = to(item, Target("CT", CT1, 2_500), Target("TW", "TW00001", 6_000))
    assert left(item) == 1_500
    vat = Line.objects.filter(entry_id=entry_id).order_by("position").values_list("vat_pence")
    assert list(vat) == [(0,), (0,), (1_000,)]
    assert problems() == []


def test_an_item_is_allocated_part_by_part_to_the_last_penny(council: Council) -> None:
    item = parked()
    for pence, remains in ((3_333, 6_667), (1, 6_666), (6_666, 0)):
        to(item, Target("CT", CT1, pence))
        assert left(item) == remains
        assert problems() == []
    assert [a.amount_pence for a in selectors.list_allocations(item.pk)] == [3_333, 1, 6_666]
    assert item not in selectors.open_items()


def test_a_negative_item_is_allocated_with_negative_amounts(council: Council) -> None:
    item = parked(-500)
    to(item, Target("CT", CT1, -200))
    assert left(item) == -300
    before = counts()
    with pytest.raises(AllocationRefused):
        to(item, Target("CT", CT1, 100))
    with pytest.raises(AlreadyAllocated):
        to(item, Target("CT", CT1, -301))
    assert counts() == before
    to(item, Target("CT", CT1, -300))
    assert left(item) == 0
    assert problems() == []


REFUSED: list[tuple[list[Target], type[Exception], str]] = [
    ([], AllocationRefused, "Allocate to between 1 and 50 accounts."),
    ([Target("CT", CT1, 1)] * (MAX_TARGETS + 1), AllocationRefused, "Allocate to between 1 and"),
    ([Target("CT", CT1, 0)], AllocationRefused, "£0.00 cannot be allocated from an item of"),
    ([Target("CT", CT1, -1)], AllocationRefused, "-£0.01 cannot be allocated from an item of"),
    (
        [Target("CT", CT1, 10_001), Target("CT", CT2, -1)],
        AllocationRefused,
        "-£0.01 cannot be allocated from an item of £100.00. Enter an amount with the same sign.",
    ),
    (
        [Target("CT", CT1, 10_001)],
        AlreadyAllocated,
        "These amounts add up to £100.01, and £100.00 remains on the item. Lower an amount.",
    ),
    (
        [Target("CT", CT1, 5_000), Target("CT", CT2, 5_001)],
        AlreadyAllocated,
        "These amounts add up to £100.01, and £100.00 remains on the item. Lower an amount.",
    ),
    (
        [Target("CT", "12345", 100)],
        AllocationRefused,
        "“12345” does not look like the account number of Council Tax. Check it against the bill.",
    ),
    (
        [Target("CT", "", 100)],
        AllocationRefused,
        "“” does not look like the account number",
    ),
    (
        [Target("CT", "7" * 41, 100)],
        AllocationRefused,
        "does not look like the account number",
    ),
    ([Target("OLD", "X", 100)], AllocationRefused, "Old Debts is not in use. Choose another fund."),
    ([Target("SUSP", "X", 100)], AllocationRefused, "cannot be allocated to suspense again."),
    ([Target("ZZ", "X", 100)], FundNotFound, "There is no fund ZZ."),
]


@pytest.mark.parametrize(("targets", "error", "message"), REFUSED)
def test_a_wrong_allocation_is_refused_in_words_and_changes_nothing(
    council: Council, targets: list[Target], error: type[Exception], message: str
) -> None:
    item = parked()
    before = counts()
    with pytest.raises(error) as refused:
        to(item, *targets)
    assert message in str(refused.value)
    assert counts() == before
    assert left(item) == 10_000


def test_a_reference_of_any_form_must_still_fit_the_ledger(council: Council) -> None:
    Fund.objects.filter(code="HR").update(account_pattern="")
    item = parked()
    with pytest.raises(AllocationRefused):
        to(item, Target("HR", "9" * 41, 100))
    to(item, Target("HR", "9" * 40, 100))
    assert left(item) == 9_900


def test_a_cleared_item_says_that_somebody_was_first(council: Council) -> None:
    item = parked()
    to(item, Target("CT", CT1, 10_000))
    before = counts()
    with pytest.raises(AlreadyAllocated, match="This item is already cleared"):
        to(item, Target("CT", CT2, 1))
    assert counts() == before


def test_an_item_that_is_not_there_or_a_person_who_may_not(council: Council) -> None:
    item = parked()
    before = counts()
    with pytest.raises(SuspenseItemNotFound):
        allocate(987_654, [Target("CT", CT1, 1)], actor=TESTER, at=AT)
    with pytest.raises(NotAllowed):
        allocate(item.pk, [Target("CT", CT1, 1)], actor=Actor("Nobody"), at=AT)
    assert counts() == before


def test_the_neighbours_item_is_not_there(council: Council, eastshire: Council) -> None:
    item = parked()
    with enter(eastshire), pytest.raises(SuspenseItemNotFound):
        allocate(item.pk, [Target("10", "500000001", 1)], actor=TESTER, at=AT)


def test_the_same_key_again_gives_the_same_entry(council: Council) -> None:
    item = parked()
    first = to(item, Target("CT", CT1, 4_000), key="K")
    before = counts()
    assert to(item, Target("CT", CT1, 4_000), key="K") == first
    assert counts() == before
    assert left(item) == 6_000


def test_the_same_key_still_answers_when_the_item_is_cleared(council: Council) -> None:
    item = parked()
    first = to(item, Target("CT", CT1, 10_000), key="K")
    assert to(item, Target("CT", CT1, 10_000), key="K") == first


@pytest.mark.parametrize(
    "target", [Target("CT", CT1, 4_001), Target("CT", CT2, 4_000), Target("TW", "TW00001", 4_000)]
)
def test_the_same_key_with_other_content_is_a_conflict(council: Council, target: Target) -> None:
    item, other = parked(), parked()
    to(item, Target("CT", CT1, 4_000), key="K")
    before = counts()
    with pytest.raises(SameKeyOtherContent):
        to(item, target, key="K")
    with pytest.raises(SameKeyOtherContent):
        to(other, Target("CT", CT1, 4_000), key="K")
    assert counts() == before


def test_open_suspense_is_told_by_age(council: Council) -> None:
    for pence in (100, 200):
        parked(pence)
    bands = selectors.by_age(ON + timedelta(days=8))
    assert [(b.label, b.count, b.remaining_pence) for b in bands] == [
        ("Today and yesterday", 0, 0),
        ("2 to 7 days", 0, 0),
        ("8 to 30 days", 2, 300),
        ("31 to 90 days", 0, 0),
        ("Over 90 days", 0, 0),
    ]


# --- reversals -----------------------------------------------------------------------------------
def test_the_money_of_a_reversed_allocation_waits_again(council: Council) -> None:
    item = parked()
    entry_id = to(item, Target("CT", CT1, 6_000))
    reverse(entry_id, reason="Wrong account", actor=TESTER, at=AT)
    assert left(item) == 10_000
    assert [a.amount_pence for a in selectors.list_allocations(item.pk)] == [6_000, -6_000]
    assert problems() == []
    to(item, Target("CT", CT2, 10_000))
    assert left(item) == 0
    assert problems() == []


def test_a_reversed_parked_receipt_has_nothing_left_to_allocate(council: Council) -> None:
    item = parked()
    reversal_id = reverse(item.entry_id, reason="Cheque unpaid", actor=TESTER, at=AT)
    assert left(item) == 0
    assert problems() == []
    with pytest.raises(AlreadyAllocated):
        to(item, Target("CT", CT1, 1))
    reverse(reversal_id, reason="Paid after all", actor=TESTER, at=AT)
    assert left(item) == 10_000
    assert problems() == []


def test_a_receipt_that_was_allocated_cannot_be_reversed_before_its_allocation(
    council: Council,
) -> None:
    item = parked()
    entry_id = to(item, Target("CT", CT1, 6_000))
    before = counts()
    with pytest.raises(AlreadyAllocated) as refused:
        reverse(item.entry_id, reason="x", actor=TESTER, at=AT)
    assert str(refused.value) == (
        "This cannot be reversed: it needs £100.00 in suspense, and £40.00 remains on the item. "
        "Reverse the item's later allocations first."
    )
    assert counts() == before
    reverse(entry_id, reason="x", actor=TESTER, at=AT)
    reverse(item.entry_id, reason="x", actor=TESTER, at=AT)
    assert left(item) == 0
    assert problems() == []


def test_the_reversal_of_an_allocation_cannot_be_reversed_once_the_money_went_elsewhere(
    council: Council,
) -> None:
    item = parked()
    back = reverse(to(item, Target("CT", CT1, 6_000)), reason="x", actor=TESTER, at=AT)
    to(item, Target("CT", CT2, 10_000))
    before = counts()
    with pytest.raises(AlreadyAllocated):
        reverse(back, reason="x", actor=TESTER, at=AT)
    assert counts() == before
    assert problems() == []


# --- the proof itself ----------------------------------------------------------------------------
def test_the_proof_names_an_item_whose_remainder_is_wrong(council: Council) -> None:
    item = parked()
    SuspenseItem.objects.filter(pk=item.pk).update(remaining_pence=9_999)
    assert problems() == [
        f"Item {item.pk} says 9999 pence remain; it should be 10000.",
        "Items remain at 9999 pence and the suspense fund holds 10000 pence.",
    ]


def test_the_proof_finds_an_item_that_is_gone(council: Council) -> None:
    SuspenseItem.objects.filter(pk=parked().pk).delete()
    assert problems() == ["Items remain at 0 pence and the suspense fund holds 10000 pence."]


@pytest.mark.parametrize("remaining", [-1, 10_001])
def test_the_database_refuses_a_remainder_outside_the_item(
    council: Council, remaining: int
) -> None:
    item = parked()
    with (
        pytest.raises(IntegrityError, match="suspense_remaining_within"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE suspense_suspenseitem SET remaining_pence = {remaining} WHERE id = {item.pk}"
        )


# --- two people at once --------------------------------------------------------------------------
@pytest.fixture
def real(committed_councils: tuple[Council, Council]) -> Iterator[Council]:
    with enter(committed_councils[0]):
        yield committed_councils[0]


def press(item: SuspenseItem, pence: int, key: str | None = None) -> Callable[[], int]:
    return lambda: to(item, Target("CT", CT1, pence), key=key)


@pytest.mark.committed
def test_two_people_who_allocate_all_at_once_allocate_it_once(real: Council) -> None:
    item = parked()
    results = at_once(real, [press(item, 10_000)] * 6)
    assert [type(r) for r in results].count(int) == 1
    assert [type(r) for r in results].count(AlreadyAllocated) == 5
    assert left(item) == 0
    assert Allocation.objects.count() == 1
    assert problems() == []


@pytest.mark.committed
def test_people_who_allocate_parts_at_once_never_take_more_than_there_is(real: Council) -> None:
    item = parked()
    results = at_once(real, [press(item, 3_000)] * 8)
    assert [type(r) for r in results].count(int) == 3
    assert [type(r) for r in results].count(AlreadyAllocated) == 5
    assert left(item) == 1_000
    assert problems() == []


@pytest.mark.committed
def test_one_form_sent_many_times_at_once_is_one_allocation(real: Council) -> None:
    item = parked()
    results = at_once(real, [press(item, 3_000, "K")] * 8)
    assert len(set(results)) == 1
    assert left(item) == 7_000
    assert problems() == []


@pytest.mark.committed
def test_an_entry_is_reversed_once_however_many_press_at_once(real: Council) -> None:
    item = parked()
    entry_id = to(item, Target("CT", CT1, 4_000))
    results = at_once(real, [lambda: reverse(entry_id, reason="x", actor=TESTER, at=AT)] * 8)
    assert [type(r) for r in results].count(int) == 1
    assert [type(r) for r in results].count(AlreadyReversed) == 7
    assert left(item) == 10_000
    assert problems() == []


@pytest.mark.committed
def test_allocating_while_the_receipt_is_reversed_leaves_the_books_right(real: Council) -> None:
    items = [parked() for _ in range(6)]
    works: list[Callable[[], int]] = []
    for item in items:
        works.append(press(item, 10_000))
        works.append(
            lambda entry=item.entry_id: reverse(entry, reason="x", actor=TESTER, at=AT)  # type: ignore[misc]
        )
    results = at_once(real, works)
    for one, other in zip(results[::2], results[1::2], strict=True):
        assert {type(one), type(other)} == {int, AlreadyAllocated}
    assert [left(item) for item in items] == [0] * 6
    assert problems() == []
