"""A fund's rule where references are asked about and where money is placed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ims.accounts.models import AccountHolder, AccountMessage, CheckDigit, ReferenceRule
from ims.accounts.reference_book import check_reference, reference_book
from ims.funds.errors import MethodNotFound
from ims.funds.models import Fund, MethodOfPayment
from ims.imports import reading, selectors, states
from ims.imports.errors import RulesChanged
from ims.imports.posting import post_file
from ims.imports.services import request_post
from ims.ledger.models import Line
from ims.receipts.services import take, take_batch
from ims.suspense.errors import AllocationRefused
from ims.suspense.models import SuspenseItem
from ims.suspense.services import Target, allocate
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.accounts import applied, csv_of, line
from tests.factories.bank_files import csv_file, many_rows, read, row
from tests.factories.drafts import AT, TESTER, problems, receipt


@pytest.fixture
def parking(council: Council) -> Fund:
    """The fund TW of Northmoor, with the rule of parking fines in place of its pattern."""
    digit = CheckDigit.objects.create(
        code="P11", name="Parking", method="weighted", modulus=11,
        weights=[9, 8, 7, 6, 5, 4, 3, 2, 1, 0], source_substitution="05",
        result_substitutions="10:A",
    )  # fmt: skip
    ReferenceRule.objects.create(
        code="PCN", name="Parking", min_length=10, max_length=10, mask="BJ#######@",
        check_digit=digit,
    )  # fmt: skip
    return with_rule("PCN")


def with_rule(code: str, account_rule: str = "form", fund: str = "TW") -> Fund:
    Fund.objects.filter(code=fund).update(
        account_pattern="", reference_rule_code=code, account_rule=account_rule
    )
    return Fund.objects.get(code=fund)


def reasons() -> list[tuple[str, str]]:
    found = SuspenseItem.objects.order_by("id")
    return [(item.reason_code, item.reason) for item in found]


def accounts_of(fund: str = "TW") -> list[str]:
    lines = Line.objects.filter(fund__code=fund).order_by("id")
    return [line.account_reference for line in lines]


class Counted:
    """How many queries of the block look into a table."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __enter__(self) -> Self:
        self._context = CaptureQueriesContext(connection)
        self._context.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._context.__exit__(*failure)  # type: ignore[arg-type]

    @property
    def count(self) -> int:
        return sum(self.table in str(query["sql"]) for query in self._context.captured_queries)


# --- asking --------------------------------------------------------------------------------------


def test_a_reference_is_checked_by_its_funds_rule_only(parking: Fund, eastshire: Council) -> None:
    right = check_reference("TW", " bj 1234 5673", channel="online")
    assert (right.ok, right.reference) == (True, "BJ12345673")
    assert [step.step for step in right.steps] == ["length", "mask", "check_digit"]
    assert not check_reference("TW", "BJ12345674", channel="online").ok
    assert check_reference("CT", "770000001", channel="online").ok
    wrong = check_reference("CT", "BJ12345673", channel="online")
    assert [(step.step, step.ok) for step in wrong.steps] == [("fund_pattern", False)]
    assert wrong.reason == "It does not look like the account number of Council Tax."
    unknown = check_reference("QQ", "1", channel="online")
    assert (unknown.ok, unknown.reason) == (False, "There is no fund QQ.")
    with enter(eastshire):
        assert check_reference("TW", "BJ12345673", channel="online").reason.startswith("There is")


def test_limits_of_fund_and_method_hold_without_any_rule(council: Council) -> None:
    Fund.objects.filter(code="HR").update(account_pattern="", max_pence=10_000)
    MethodOfPayment.objects.filter(code="CARD").update(min_pence=500, max_pence=None)
    MethodOfPayment.objects.filter(code="CASH").update(max_pence=0)

    def ok(pence: int, method: str | None = None) -> bool:
        return check_reference(
            "HR", "X1", channel="counter", amount_pence=pence, method_code=method
        ).ok

    assert ok(10_000)
    assert not ok(10_001)
    assert not ok(499, "CARD")
    assert ok(500, "CARD")
    assert ok(1, "CASH")
    with pytest.raises(MethodNotFound):
        ok(1, "NOPE")


def test_a_fund_without_a_check_takes_any_reference(parking: Fund) -> None:
    with_rule("PCN", "none")
    assert check_reference("TW", "whatever", channel="online").ok
    assert not check_reference("TW", " ", channel="online").ok


def test_a_rule_that_is_not_there_lets_nothing_pass(council: Council) -> None:
    with_rule("GONE")
    verdict = check_reference("TW", "BJ12345673", channel="online")
    assert (verdict.ok, verdict.reason) == (
        False,
        "Trade Waste names the rule GONE, and there is none.",
    )


def test_accounts_that_must_exist_are_looked_up_and_their_stops_said(parking: Fund) -> None:
    applied(csv_of(line("A1"), line("B1"), line("C1")), fund="TW")
    with_rule("", "exists")
    stop = AccountMessage.objects.create(
        code="BAILIFF", fund=parking, name="With bailiffs", severity="stop",
        words_to_staff="Refer to enforcement.", channels=["online", "phone"],
    )  # fmt: skip
    AccountHolder.objects.filter(reference="B1").update(message=stop)
    AccountHolder.objects.filter(reference="C1").update(is_closed=True)
    assert check_reference("TW", "a 1", channel="online").ok
    assert check_reference("TW", "B1", channel="counter").ok
    assert check_reference("TW", "B1", channel="phone").reason == "Refer to enforcement."
    assert "enforcement" not in check_reference("TW", "B1", channel="online").reason
    assert "closed" in check_reference("TW", "C1", channel="online").reason
    assert "no account" in check_reference("TW", "D1", channel="online").reason
    # The same reference of another fund is another account.
    with_rule("", "exists", fund="HR")
    assert not check_reference("HR", "A1", channel="online").ok


def test_a_check_takes_as_many_queries_for_one_fund_as_for_thirty(parking: Fund) -> None:
    with CaptureQueriesContext(connection) as few:
        check_reference("TW", "BJ12345673", channel="online")
    model = Fund.objects.get(code="TW")
    for number in range(30):
        model.pk, model.code = None, f"X{number}"
        model.save()
    with CaptureQueriesContext(connection) as many:
        check_reference("TW", "BJ12345673", channel="online")
    assert len(many) == len(few)


# --- placing money --------------------------------------------------------------------------------


def test_a_receipt_is_placed_by_the_rule_and_kept_as_the_rule_says(parking: Fund) -> None:
    take(receipt(fund="TW", account=" bj1234 563a"), actor=TESTER, at=AT)
    take(receipt(fund="TW", account="BJ12345674"), actor=TESTER, at=AT)
    assert accounts_of() == ["BJ1234563A"]
    assert reasons() == [
        (
            "account_not_valid",
            (
                "“BJ12345674” does not look like the customer number of Trade Waste. The check "
                "character, “4” at place 10, does not go with the others. One of them may be "
                "mistyped."
            ),
        )
    ]
    assert problems() == []


def test_a_suspense_item_goes_only_to_a_reference_that_passes(parking: Fund) -> None:
    entry_id = take(receipt(account="?"), actor=TESTER, at=AT)
    item = SuspenseItem.objects.get(entry_id=entry_id)
    with pytest.raises(AllocationRefused, match="does not go with the others") as refused:
        allocate(item.pk, [Target("TW", "BJ12345674", 1_000)], actor=TESTER, at=AT)
    assert refused.value.facts == {"target": 0, "field": "account"}
    allocate(item.pk, [Target("TW", " bj12345673 ", 1_000)], actor=TESTER, at=AT)
    assert accounts_of() == ["BJ12345673"]


def test_a_suspense_item_goes_only_to_an_account_there_is(parking: Fund) -> None:
    applied(csv_of(line("A1")), fund="TW")
    with_rule("", "exists")
    item = SuspenseItem.objects.get(entry_id=take(receipt(account="?"), actor=TESTER, at=AT))
    with pytest.raises(AllocationRefused, match="Trade Waste has no account B1"):
        allocate(item.pk, [Target("TW", "b1", 1_000)], actor=TESTER, at=AT)
    allocate(item.pk, [Target("TW", "a1", 1_000)], actor=TESTER, at=AT)
    assert accounts_of() == ["A1"]


def test_a_batch_looks_its_accounts_up_in_one_query(parking: Fund) -> None:
    applied(csv_of(*(line(f"A{number}") for number in range(50))), fund="TW")
    AccountHolder.objects.filter(reference="A7").update(is_closed=True)
    with_rule("", "exists")
    drafts = [receipt(fund="TW", account=f"A{number}") for number in range(60)]
    with Counted("accounts_accountholder") as queries:
        taken = take_batch(drafts, actor=TESTER, at=AT)
    assert queries.count == 1
    assert (taken.posted_count, taken.parked_count) == (49, 11)
    assert reasons()[:2] == [
        ("account_closed", "Account A7 of Trade Waste is closed."),
        ("account_unknown", "Trade Waste has no account A50."),
    ]


def lines(total: int) -> Iterator[str]:
    for number in range(total):
        yield row("1.00", f"TW {number:05}" if number % 2 else f"tw{number:05}", f"BIN {number}")


def test_a_file_is_read_in_pieces_when_accounts_must_exist(
    parking: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOOK_UP_ROWS", 40)
    applied(csv_of(*(line(f"TW{number:05}") for number in range(75))), fund="TW")
    with_rule("", "exists")
    with Counted("accounts_accountholder") as queries:
        found = read(csv_file(*lines(100)))
    assert queries.count == 3
    assert (found.state, found.row_count) == (states.READY, 100)
    rows = list(selectors.rows(found.pk))
    assert [each.row_number for each in rows] == list(range(1, 101))
    assert [each.account_reference for each in rows] == [f"TW{n:05}" for n in range(100)]
    assert [each.outcome for each in rows] == ["post"] * 75 + ["park"] * 25
    assert rows[80].reason == "Trade Waste has no account TW00080."
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    with Counted("accounts_accountholder") as queries:
        done = post_file(found.pk, clock=lambda: AT)
    assert queries.count == 1
    assert (done.posted_count, done.parked_count) == (75, 25)
    assert problems() == []


def test_a_council_with_patterns_only_is_not_asked_for_rules_or_accounts(council: Council) -> None:
    with Counted("accounts_") as queries:
        reference_book()
        take_batch([receipt()], actor=TESTER, at=AT)
    assert queries.count == 0
    found = read(b"".join(many_rows(20)))
    assert found.state == states.READY


def test_a_preview_is_out_of_date_once_a_rule_changes(parking: Fund) -> None:
    found = read(csv_file(row("1.00", "TW00001")))
    ReferenceRule.objects.update(min_length=7)
    with pytest.raises(RulesChanged):
        request_post(found.pk, actor=TESTER, at=AT, post_later=False)
