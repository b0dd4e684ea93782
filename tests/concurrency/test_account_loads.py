"""Loads of accounts at the same instant, and `kill -9` of the worker in the middle of one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from ims.accounts import editing, loading, selectors, services, states
from ims.accounts.errors import AlreadyLoaded
from ims.accounts.models import AccountHolder, AccountLoad, AccountLoadRow, FundAccounts
from ims.accounts.services import AccountFile, Agreed
from ims_kernel import clock
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.account_files import write_accounts
from tests.factories.accounts import EVERYTHING, LOADER, applied, csv_of, held, line, preview
from tests.factories.threads import at_once
from tests.factories.workers import kill, let_heartbeats_age, wait_until, worker

LINES, SECONDS = 40_000, 90

pytestmark = pytest.mark.committed


@pytest.fixture
def real(committed_councils: tuple[Council, Council], own_files: Path) -> Iterator[Council]:
    own_files.mkdir(parents=True)
    with enter(committed_councils[0]):
        yield committed_councils[0]


def start(load: AccountLoad) -> AccountLoad:
    services.request_apply(load.pk, EVERYTHING, actor=LOADER, at=clock.now(), apply_later=False)
    return loading.apply_load(load.pk, at=clock.now())


def test_of_two_loads_of_a_fund_at_once_one_is_applied_and_the_other_compared_again(
    real: Council,
) -> None:
    applied(csv_of(line("A1"), line("B1")))
    one = preview(csv_of(line("A1", "KHAN"), line("B1")))
    other = preview(csv_of(line("A1", "PATEL"), line("C1")))
    for load in (one, other):
        services.request_apply(load.pk, EVERYTHING, actor=LOADER, at=clock.now(), apply_later=False)
    done = at_once(
        real,
        [partial(loading.apply_load, load.pk, at=clock.now()) for load in (one, other)],
    )
    found = [load.state if isinstance(load, AccountLoad) else load for load in done]
    assert sorted(map(str, found)) == [states.APPLIED, states.READY]
    first = found[0] == states.APPLIED
    assert held() == (
        {"A1": ("KHAN", 1_000, False), "B1": ("OKAFOR", 1_000, False)}
        if first
        else {"A1": ("PATEL", 1_000, False), "B1": ("OKAFOR", 1_000, True),
              "C1": ("OKAFOR", 1_000, False)}
    )  # fmt: skip


def test_two_people_who_press_apply_apply_once(real: Council) -> None:
    found = preview(csv_of(*[line(f"A{number}") for number in range(50)]))
    done = at_once(real, [lambda: start(found)] * 3)
    assert sum(isinstance(each, AccountLoad) for each in done) == 1, done
    assert AccountHolder.objects.count() == 50
    assert FundAccounts.objects.get(fund__code="CT").version == 1


def test_the_same_file_from_two_people_is_received_once(real: Council) -> None:
    data = csv_of(line("A1"))

    def send() -> AccountLoad:
        file = AccountFile("a.csv", [data], "CT", "full")
        return services.receive(file, actor=LOADER, at=clock.now(), read_later=False)

    done = at_once(real, [send] * 4)
    assert sum(isinstance(each, AccountLoad) for each in done) == 1
    assert sum(isinstance(each, AlreadyLoaded) for each in done) == 3, done
    assert AccountLoad.objects.count() == 1


def test_the_same_key_delivered_again_and_at_once_is_one_load(real: Council) -> None:
    rows = [
        {"reference": "A1", "surname": "KHAN", "address_1": "", "postcode": "", "balance": "1.00"}
    ]

    def send() -> AccountLoad:
        return services.load_rows(
            "CT", "delta", rows, actor=LOADER, at=clock.now(), idempotency_key="key-1"
        )

    done = at_once(real, [send] * 4)
    assert {each.pk if isinstance(each, AccountLoad) else each for each in done} == {
        AccountLoad.objects.get().pk
    }
    assert send().pk == AccountLoad.objects.get().pk


def test_a_change_by_hand_and_a_load_at_once_lose_neither(real: Council) -> None:
    applied(csv_of(line("A1"), line("B1")))
    found = preview(csv_of(line("A1", "KHAN"), line("B1")))
    account = selectors.find_account("CT", "B1")
    assert account is not None
    services.request_apply(found.pk, Agreed(), actor=LOADER, at=clock.now(), apply_later=False)
    at_once(
        real,
        [
            lambda: loading.apply_load(found.pk, at=clock.now()),
            lambda: editing.close_account(account.pk, reason="x", actor=LOADER, at=clock.now()),
        ],
    )
    totals = FundAccounts.objects.get(fund__code="CT")
    assert held()["B1"][2]
    assert (totals.open_count, totals.closed_count) == (1, 1)
    state = selectors.get_load(found.pk).state
    assert (state, held()["A1"][0]) in {(states.APPLIED, "KHAN"), (states.READY, "OKAFOR")}


# --- killed ---------------------------------------------------------------------------------------
def is_running(statement: str) -> bool:
    """Whether another connection to this database is in the middle of such a statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' AND query ILIKE %s",
            [f"%{statement}%"],
        )
        return bool(cursor.fetchone()[0])


def state_of(found: AccountLoad) -> str:
    return selectors.get_load(found.pk).state


def large(folder: Path) -> AccountLoad:
    path = write_accounts(folder / "large.csv", LINES)
    file = AccountFile(path.name, [path.read_bytes()], "CT", "full", applies_itself=True)
    return services.receive(file, actor=LOADER, at=clock.now())


def test_a_worker_killed_while_reading_and_while_applying_leaves_nothing_half_done(
    real: Council, tmp_path: Path
) -> None:
    found = large(tmp_path)
    with worker(tmp_path) as first:
        wait_until(lambda: is_running("COPY staged_account"), seconds=SECONDS, what="reading")
        kill(first)
    assert (state_of(found), AccountLoadRow.objects.count()) == (states.RECEIVED, 0)
    let_heartbeats_age()
    with worker(tmp_path) as second:
        wait_until(
            lambda: is_running("INSERT INTO accounts_accountholder"),
            seconds=SECONDS, what="applying",
        )  # fmt: skip
        kill(second)
    wait_until(
        lambda: not is_running("accounts_accountholder"), seconds=SECONDS, what="it is rolled back"
    )
    assert (state_of(found), AccountHolder.objects.count()) == (states.APPLYING, 0)
    let_heartbeats_age()
    with worker(tmp_path):
        wait_until(lambda: state_of(found) == states.APPLIED, seconds=SECONDS, what="it is applied")
    done = selectors.get_load(found.pk)
    assert (done.added_count, AccountHolder.objects.count()) == (LINES, LINES)
    assert AccountLoadRow.objects.count() == 0
