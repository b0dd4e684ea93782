"""Income of thirty days: the same pence by day, by fund and by method."""

from __future__ import annotations

from ims.reports.income import income
from ims.suspense.selectors import find_by_entry
from ims.suspense.services import Target, allocate
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.money import ACTOR, Payment, take
from tests.ims.backoffice.bank_day import counted


def test_windows_include_today_and_their_first_day(council: Council) -> None:
    take(
        Payment(100, days_ago=0), Payment(20, days_ago=6), Payment(3, days_ago=7),
        Payment(4_000, days_ago=29), Payment(50_000, days_ago=30),
    )  # fmt: skip
    found = income(clock.today())
    total = found.total
    assert (total.today_pence, total.week_pence, total.month_pence) == (100, 120, 4_123)
    assert found.payments == (1, 2, 4)
    assert [day.pence for day in found.by_day if day.pence] == [4_000, 3, 20, 100]
    assert len(found.by_day) == 30
    assert found.by_day[-1].day == clock.today()


def test_funds_and_methods_each_add_up_to_the_total(council: Council) -> None:
    take(
        Payment(1_000, method="CARD"), Payment(250, method="CASH", fund="TW", account="TW00001"),
        Payment(-300), Payment(70, parked=True),
    )  # fmt: skip
    found = income(clock.today())
    assert [(row.code, row.month_pence) for row in found.by_fund] == [
        ("CT", 700), ("TW", 250), ("SUSP", 70),
    ]  # fmt: skip
    assert [(row.code, row.month_pence) for row in found.by_method] == [
        ("CARD", 1_000), ("CASH", 250), ("BANK", -230),
    ]  # fmt: skip
    assert found.total.month_pence == 1_020


def test_money_out_of_suspense_counts_where_it_went_and_only_once(council: Council) -> None:
    (entry_id,) = take(Payment(900, days_ago=3, parked=True))
    item = find_by_entry(entry_id)
    assert item is not None
    allocate(item.pk, [Target("CT", "770000001", 600)], actor=ACTOR, at=clock.now())
    found = income(clock.today())
    assert {row.code: row.week_pence for row in found.by_fund} == {"CT": 600, "SUSP": 300}
    assert {row.code: row.week_pence for row in found.by_method} == {"BANK": 900}
    assert found.payments == (0, 1, 1)


def test_a_council_with_nothing_has_thirty_empty_days(council: Council) -> None:
    found = income(clock.today())
    assert found.by_fund == found.by_method == []
    assert {day.pence for day in found.by_day} == {0}


def test_three_queries_and_nothing_of_the_neighbour(northmoor: Council, eastshire: Council) -> None:
    with enter(eastshire):
        take(*(Payment(n * 100) for n in range(1, 6)))
    with enter(northmoor), counted() as queries:
        found = income(clock.today())
    assert len(queries) == 3
    assert found.total.month_pence == 0
