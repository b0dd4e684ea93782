"""The year of each demo council, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ims.receipts.services import ReceiptDraft
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.eastshire import EASTSHIRE
from ims_config.demo.northmoor import NORTHMOOR
from ims_config.demo.plan import Place, Reverse, Step, Take, plan_year, year_before
from ims_config.demo.working_days import is_working_day
from ims_kernel.clock import LONDON

TODAY = date(2026, 11, 24)
BOTH = pytest.mark.parametrize("council", [NORTHMOOR, EASTSHIRE], ids=lambda c: c.short_name)


def steps_of(council: DemoCouncil, *, today: date = TODAY, receipts: int = 20_000) -> list[Step]:
    return [step for day in plan_year(council, today=today, receipts=receipts) for step in day]


def drafts_of(steps: list[Step]) -> list[ReceiptDraft]:
    return [draft for step in steps if isinstance(step, Take) for draft in step.drafts]


@BOTH
def test_the_same_day_gives_the_same_year(council: DemoCouncil) -> None:
    assert steps_of(council, receipts=2_000) == steps_of(council, receipts=2_000)


@BOTH
def test_another_day_gives_another_year(council: DemoCouncil) -> None:
    later = steps_of(council, today=TODAY + timedelta(days=1), receipts=2_000)
    assert drafts_of(steps_of(council, receipts=2_000)) != drafts_of(later)


def test_the_councils_share_no_account() -> None:
    one, other = (
        {draft.account_reference for draft in drafts_of(steps_of(c)) if draft.fund_code}
        for c in (NORTHMOOR, EASTSHIRE)
    )
    assert one
    assert not one & other


@BOTH
@pytest.mark.parametrize("receipts", [20_000, 1_999, 200])
def test_exactly_so_many_receipts(council: DemoCouncil, receipts: int) -> None:
    assert len(drafts_of(steps_of(council, receipts=receipts))) == receipts


@BOTH
def test_every_receipt_is_on_its_own_day_of_the_twelve_months(council: DemoCouncil) -> None:
    days = year_before(TODAY)
    assert (days[0], days[-1], len(days)) == (date(2025, 11, 24), date(2026, 11, 23), 365)
    posted = []
    for step in steps_of(council):
        assert step.at.astimezone(LONDON).date() in days
        posted.append(step.at)
        if isinstance(step, Take):
            assert {draft.received_on for draft in step.drafts} == {step.at.date()}
    assert posted == sorted(posted)


def test_a_year_to_the_29th_of_february_begins_on_the_28th() -> None:
    assert year_before(date(2028, 2, 29))[0] == date(2027, 2, 28)


@BOTH
def test_counters_and_banks_are_shut_on_holidays(council: DemoCouncil) -> None:
    card = council.methods["card"]
    drafts = drafts_of(steps_of(council))
    assert all(is_working_day(d.received_on) for d in drafts if d.method_code != card)
    assert any(not is_working_day(d.received_on) for d in drafts if d.method_code == card)


@BOTH
def test_direct_debit_runs_twice_a_month(council: DemoCouncil) -> None:
    method = council.methods["direct_debit"]
    days = {d.received_on for d in drafts_of(steps_of(council)) if d.method_code == method}
    assert len(days) == 24
    assert all(on.day in range(1, 6) or on.day in range(15, 20) for on in days)


@BOTH
def test_a_direct_debit_takes_the_same_amount_every_month(council: DemoCouncil) -> None:
    method, fund = council.methods["direct_debit"], council.income[0].fund
    amounts: dict[str, set[int]] = {}
    for draft in drafts_of(steps_of(council)):
        if draft.method_code == method and draft.fund_code == fund:
            amounts.setdefault(draft.account_reference, set()).add(draft.amount_pence)
    assert len(amounts) > 100
    assert all(len(found) == 1 for found in amounts.values())


@BOTH
def test_suspense_is_parked_and_mostly_placed_later(council: DemoCouncil) -> None:
    steps = steps_of(council)
    parked = {
        mark: step.drafts[place]
        for step in steps
        if isinstance(step, Take)
        for place, mark in step.marks.items()
        if step.drafts[place].park
    }
    placed = {step.mark: step for step in steps if isinstance(step, Place)}
    assert len(parked) == 120
    assert 20 <= len(parked) - len(placed) <= 45
    for mark, step in placed.items():
        draft = parked[mark]
        assert step.at.date() > draft.received_on
        assert 0 < sum(target.amount_pence for target in step.targets) <= draft.amount_pence


@BOTH
def test_unpaid_cheques_and_reversals_undo_something_earlier(council: DemoCouncil) -> None:
    steps = steps_of(council)
    drafts = drafts_of(steps)
    unpaid = [draft for draft in drafts if draft.amount_pence < 0]
    assert len(unpaid) == 8
    for back in unpaid:
        assert any(
            draft.bank_reference == back.bank_reference
            and draft.amount_pence == -back.amount_pence
            and draft.received_on < back.received_on
            for draft in drafts
        )
    seen: set[str] = set()
    reversed_marks = []
    for step in steps:
        if isinstance(step, Take):
            seen |= set(step.marks.values())
        elif isinstance(step, Reverse):
            assert step.mark in seen
            reversed_marks.append(step.mark)
    assert 1 <= len(set(reversed_marks)) == len(reversed_marks) <= 6
