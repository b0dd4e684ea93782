"""The one door for money: posted or parked with the reason, once for each key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from ims.funds.errors import FundNotFound, MethodNotFound, NoVatRate
from ims.funds.models import Fund, MoneySettings
from ims.ledger.errors import SameKeyOtherContent
from ims.ledger.models import Entry, Line
from ims.receipts.allocation import Park
from ims.receipts.errors import ReceiptRefused
from ims.receipts.models import Receipt
from ims.receipts.selectors import find_receipt
from ims.receipts.services import ReceiptDraft, Source, take, take_batch
from ims.suspense.models import SuspenseItem
from ims.suspense.selectors import find_by_entry
from ims_kernel.audit.selectors import history_of
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.money import MAX_PENCE
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, ON, TESTER, count, counts, problems, receipt
from tests.factories.threads import at_once


def only_line(entry_id: int) -> Line:
    return Line.objects.select_related("fund", "method").get(entry_id=entry_id)


def test_money_for_a_known_account_is_posted_to_its_fund(council: Council) -> None:
    draft = receipt(12_000, "TW", "TW00001")._replace(
        payer="Invented Bakery", reference="TW00001", narrative="Bin", bank_reference="B1"
    )
    entry_id = take(draft, actor=TESTER, at=AT)
    line = only_line(entry_id)
    assert (line.fund.code, line.account_reference, line.method.code) == ("TW", "TW00001", "CARD")
    assert (line.amount_pence, line.vat_basis_points, line.vat_pence) == (12_000, 2_000, 2_000)
    assert find_by_entry(entry_id) is None
    kept = find_receipt(entry_id)
    assert kept is not None
    assert (kept.payer, kept.reference, kept.narrative, kept.bank_reference) == (
        "Invented Bakery",
        "TW00001",
        "Bin",
        "B1",
    )
    assert [event.act for event in history_of("entry", entry_id)] == ["receipts.take"]
    # Who paid stands beside the sealed ledger, never in it.
    assert Entry.objects.get(pk=entry_id).narrative == ""
    assert problems() == []


PARKED = [
    (receipt(fund="ZZ"), "fund_unknown", "There is no fund ZZ."),
    (receipt(fund="SUSP"), "sent_to_suspense", "A rule sends this to suspense."),
    (receipt(fund="OLD"), "fund_closed", "Old Debts is not in use."),
    (receipt(account=""), "account_missing", "No account number for Council Tax."),
    (
        receipt(account="88"),
        "account_not_valid",
        "“88” does not look like the account number of Council Tax.",
    ),
    (receipt()._replace(park=Park("told", "So told.")), "told", "So told."),
]


@pytest.mark.parametrize(("draft", "code", "reason"), PARKED, ids=[row[1] for row in PARKED])
def test_money_that_cannot_be_placed_waits_in_suspense_with_the_reason(
    council: Council, draft: ReceiptDraft, code: str, reason: str
) -> None:
    entry_id = take(draft, actor=TESTER, at=AT)
    item = find_by_entry(entry_id)
    assert item is not None
    assert (item.reason_code, item.reason) == (code, reason)
    assert (item.amount_pence, item.remaining_pence, item.opened_on) == (1_000, 1_000, ON)
    line = only_line(entry_id)
    assert (line.fund.code, line.amount_pence) == ("SUSP", 1_000)
    assert line.account_reference == draft.account_reference
    assert problems() == []


def test_a_reference_too_long_for_the_ledger_is_parked_and_not_taken_for_another(
    council: Council,
) -> None:
    Fund.objects.filter(code="HR").update(account_pattern="")
    entry_id = take(receipt(fund="HR", account="9" * 41), actor=TESTER, at=AT)
    item = find_by_entry(entry_id)
    assert item is not None
    assert item.reason_code == "account_not_valid"
    assert find_by_entry(take(receipt(fund="HR", account="9" * 40), actor=TESTER, at=AT)) is None


@pytest.mark.parametrize("pence", [-2_500, 1, MAX_PENCE - 1, 1 - MAX_PENCE])
def test_any_amount_may_come_in_or_go_out(council: Council, pence: int) -> None:
    entry_id = take(receipt(pence, account="?"), actor=TESTER, at=AT)
    assert only_line(entry_id).amount_pence == pence
    assert SuspenseItem.objects.get().remaining_pence == pence
    assert problems() == []


@pytest.mark.parametrize(
    ("draft", "error", "message"),
    [
        (receipt(0), ReceiptRefused, "A receipt of £0.00 cannot be taken."),
        (receipt(MAX_PENCE), ReceiptRefused, "A receipt of £10,000,000,000.00 cannot be taken."),
        (receipt(-MAX_PENCE), ReceiptRefused, "A receipt of -£10,000,000,000.00 cannot be taken."),
        (receipt(method="NOPE"), MethodNotFound, "There is no method of payment NOPE."),
        (
            receipt(fund="TW", account="TW00001", on=date(2001, 1, 1)),
            NoVatRate,
            (
                "VAT code S has no rate for 1 January 2001. Add a rate that starts on or before "
                "that day."
            ),
        ),
    ],
)
def test_what_is_wrong_in_itself_is_refused_and_nothing_is_kept(
    council: Council, draft: ReceiptDraft, error: type[Exception], message: str
) -> None:
    before = counts()
    with pytest.raises(error) as refused:
        take(draft._replace(idempotency_key="K"), actor=TESTER, at=AT)
    assert str(refused.value) == message
    assert counts() == before


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("payer", 140),
        ("reference", 140),
        ("narrative", 500),
        ("bank_reference", 64),
        ("idempotency_key", 80),
    ],
)
def test_texts_that_cannot_be_stored_are_refused_in_words(
    council: Council, field: str, longest: int
) -> None:
    before = counts()
    for text in ("x" * (longest + 1), "a\x00b"):
        with pytest.raises(ReceiptRefused) as refused:
            take(receipt()._replace(**{field: text}), actor=TESTER, at=AT)  # type: ignore[arg-type]
        assert refused.value.facts == {"field": field}
        assert f"It may have {longest} characters" in refused.value.message
    assert counts() == before
    fits: dict[str, Any] = {field: "x" * longest}
    take(receipt()._replace(**fits), actor=TESTER, at=AT)


def test_without_a_suspense_fund_nothing_is_parked(council: Council) -> None:
    Fund.objects.filter(code="SUSP").update(purpose="income")
    before = counts()
    with pytest.raises(FundNotFound, match="This council has no suspense fund"):
        take(receipt(account="?"), actor=TESTER, at=AT)
    assert counts() == before


def test_taking_money_needs_the_permission(council: Council) -> None:
    before = counts()
    with pytest.raises(NotAllowed):
        take(receipt(), actor=Actor("Nobody"), at=AT)
    with pytest.raises(NotAllowed), transaction.atomic():
        take_batch([receipt()], actor=Actor("Nobody"), at=AT)
    assert counts() == before


def test_vat_is_rounded_as_the_council_says(council: Council) -> None:
    draft = receipt(3, "TW", "TW00001")
    assert only_line(take(draft, actor=TESTER, at=AT)).vat_pence == 1
    MoneySettings.objects.update_or_create(pk=1, defaults={"vat_rounding": "half_even"})
    assert only_line(take(draft, actor=TESTER, at=AT)).vat_pence == 0


def test_vat_is_that_of_the_day_it_counts(council: Council) -> None:
    draft = receipt(11_750, "TW", "TW00001")._replace(effective_on=date(2010, 6, 1))
    line = only_line(take(draft, actor=TESTER, at=AT))
    assert (line.vat_basis_points, line.vat_pence) == (1_750, 1_750)
    assert (line.received_on, line.effective_on) == (ON, date(2010, 6, 1))


# --- once for each key ---------------------------------------------------------------------------
def test_the_same_key_again_gives_the_same_entry_and_posts_nothing(council: Council) -> None:
    first = take(receipt(key="K"), actor=TESTER, at=AT)
    before = counts()
    assert take(receipt(key="K"), actor=TESTER, at=AT) == first
    assert counts() == before


@pytest.mark.parametrize(
    "other",
    [receipt(999, key="K"), receipt(account="770000002", key="K"), receipt(fund="HR", key="K")],
)
def test_the_same_key_with_other_content_is_a_conflict(
    council: Council, other: ReceiptDraft
) -> None:
    take(receipt(key="K"), actor=TESTER, at=AT)
    before = counts()
    with pytest.raises(SameKeyOtherContent):
        take(other, actor=TESTER, at=AT)
    assert counts() == before


def test_a_key_keeps_its_entry_when_the_fund_opens_or_closes_in_between(council: Council) -> None:
    parked = take(receipt(fund="OLD", account="X", key="P"), actor=TESTER, at=AT)
    placed = take(receipt(key="Q"), actor=TESTER, at=AT)
    Fund.objects.filter(code="OLD").update(is_active=True)
    Fund.objects.filter(code="CT").update(is_active=False)
    before = counts()
    assert take(receipt(fund="OLD", account="X", key="P"), actor=TESTER, at=AT) == parked
    assert take(receipt(key="Q"), actor=TESTER, at=AT) == placed
    assert counts() == before


def test_without_a_key_the_same_receipt_is_taken_twice(council: Council) -> None:
    assert take(receipt(), actor=TESTER, at=AT) != take(receipt(), actor=TESTER, at=AT)


def test_the_same_key_in_two_councils_is_two_receipts(
    northmoor: Council, eastshire: Council
) -> None:
    with enter(northmoor):
        take(receipt(key="K"), actor=TESTER, at=AT)
    with enter(eastshire):
        assert count("ledger_entry") == 0
        take(receipt(fund="10", account="500000001", method="02", key="K"), actor=TESTER, at=AT)
        assert count("ledger_entry") == 1
    with enter(northmoor):
        assert count("ledger_entry") == 1


# --- many at once --------------------------------------------------------------------------------
def test_a_batch_is_posted_and_parked_and_adds_up(council: Council) -> None:
    drafts = [receipt(100), receipt(200, account="?"), receipt(-50), receipt(7, fund="ZZ")]
    with transaction.atomic():
        taken = take_batch(drafts, actor=TESTER, at=AT)
    assert (taken.posted_count, taken.posted_pence) == (2, 50)
    assert (taken.parked_count, taken.parked_pence) == (2, 207)
    totals = [Entry.objects.get(pk=entry_id).total_pence for entry_id in taken.entry_ids]
    assert totals == [100, 200, -50, 7]
    assert problems() == []


@pytest.mark.parametrize("bad", [receipt(0), receipt(method="NOPE")])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_receipt_takes_the_whole_batch_with_it(
    council: Council, bad: ReceiptDraft, place: int
) -> None:
    drafts = [receipt(100), receipt(200, account="?")]
    drafts.insert(place, bad)
    before = counts()
    with pytest.raises((ReceiptRefused, MethodNotFound)), transaction.atomic():
        take_batch(drafts, actor=TESTER, at=AT)
    assert counts() == before


def test_a_row_of_a_file_is_taken_once(council: Council) -> None:
    draft = receipt()._replace(source=Source(77, 1, None))
    with transaction.atomic():
        take_batch([draft], actor=TESTER, at=AT)
    before = counts()
    with pytest.raises(Exception, match="receipt_once_per_row"), transaction.atomic():
        take_batch([draft], actor=TESTER, at=AT)
    assert counts() == before


@pytest.fixture
def real(committed_councils: tuple[Council, Council]) -> Iterator[Council]:
    with enter(committed_councils[0]):
        yield committed_councils[0]


@pytest.mark.committed
def test_sixteen_threads_with_one_key_post_once(real: Council) -> None:
    before = count("audit_auditevent")
    results = at_once(real, [lambda: take(receipt(key="K"), actor=TESTER, at=AT)] * 16)
    (entry_id,) = set(results)
    assert list(Entry.objects.values_list("pk", flat=True)) == [entry_id]
    assert Receipt.objects.count() == 1
    assert count("audit_auditevent") == before + 1
    assert problems() == []


@pytest.mark.committed
def test_threads_with_one_key_and_two_amounts_post_one_of_them(real: Council) -> None:
    works = [
        (lambda pence=pence: take(receipt(pence, key="K"), actor=TESTER, at=AT))
        for pence in (1_000, 2_000) * 4
    ]
    results = at_once(real, works)
    ids = [each for each in results if isinstance(each, int)]
    refused = [each for each in results if isinstance(each, SameKeyOtherContent)]
    assert (len(set(ids)), len(ids), len(refused)) == (1, 4, 4)
    assert Entry.objects.count() == 1
