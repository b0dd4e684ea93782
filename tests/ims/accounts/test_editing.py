"""Accounts kept by hand, and rows from another system."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ims.accounts import editing, loading, selectors, services, states, tasks
from ims.accounts.errors import (
    AccountChangedMeanwhile,
    AccountNotFound,
    AccountRefused,
    KeyUsedDifferently,
    ReferenceTaken,
)
from ims.accounts.models import AccountHolder, AccountLoad, AccountMessage, FundAccounts
from ims.funds.errors import FundNotFound
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_tenants.models import Council
from tests.factories.accounts import LOADER, applied, counts, csv_of, held, line, preview
from tests.ims.backoffice.bank_day import counted

KHAN = {"reference": "a 1", "surname": "Khan", "balance_pence": 1_250}


def add(**changes: object) -> AccountHolder:
    return editing.add_account("CT", {**KHAN, **changes}, actor=LOADER, at=clock.now())


def test_an_account_is_added_once(council: Council) -> None:
    made = add()
    assert (made.reference, made.name_key, held()["A1"]) == ("A1", "KHAN", ("Khan", 1_250, False))
    with pytest.raises(ReferenceTaken):
        add(reference="A1")
    with pytest.raises(FundNotFound):
        editing.add_account("ZZ", KHAN, actor=LOADER, at=clock.now())
    assert FundAccounts.objects.get().open_count == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": " "}, "reference"), ({"surname": "=1"}, "surname"),
        ({"surname": "x" * 101}, "surname"), ({"title": "a\u200bb"}, "title"),
        ({"message": "NOPE"}, "message"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_names_its_field(
    council: Council, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(AccountRefused) as caught:
        add(**changes)
    assert caught.value.facts["field"] == field
    assert held() == {}


def test_a_change_says_which_fields_and_not_what_was_in_them(council: Council) -> None:
    fund = Fund.objects.get(code="CT")
    note = AccountMessage.objects.create(
        code="NOTE", fund=fund, name="Note", severity="warning", words_to_staff="x"
    )
    made = add()
    changed = editing.change_account(
        made.pk, {"surname": "Kaur", "message": "NOTE"}, actor=LOADER, at=clock.now(),
        seen=str(selectors.get_account(made.pk).digest), reason="Marriage",
    )  # fmt: skip
    assert changed.message == note
    assert selectors.messages_for(changed, "phone") == [note]
    assert selectors.stops_for(changed, "phone") == []
    event = AuditEvent.objects.get(act="accounts.change")
    assert (event.facts, event.reason) == ({"changed": ["message", "surname"]}, "Marriage")
    version = FundAccounts.objects.get().version
    editing.change_account(
        made.pk, {"surname": "Kaur"}, actor=LOADER, at=clock.now(), seen=_digest(made.pk)
    )
    assert FundAccounts.objects.get().version == version  # nothing differed
    with pytest.raises(AccountChangedMeanwhile):
        editing.change_account(
            made.pk, {"surname": "X"}, actor=LOADER, at=clock.now(), seen="another"
        )


def _digest(account_id: int) -> str:
    return str(selectors.get_account(account_id).digest)


def test_closing_and_opening_count_once(council: Council) -> None:
    made = add()
    for _ in range(2):
        editing.close_account(made.pk, reason="Moved", actor=LOADER, at=clock.now())
    totals = FundAccounts.objects.get()
    assert (totals.open_count, totals.closed_count) == (0, 1)
    for _ in range(2):
        editing.reopen_account(made.pk, reason="Back", actor=LOADER, at=clock.now())
    totals.refresh_from_db()
    assert (totals.open_count, totals.closed_count) == (1, 0)
    assert AuditEvent.objects.filter(act__in=["accounts.close", "accounts.reopen"]).count() == 2
    with pytest.raises(AccountNotFound):
        editing.close_account(0, reason="", actor=LOADER, at=clock.now())


def test_by_hand_and_by_file_an_account_is_the_same(council: Council) -> None:
    add(reference="A1", title="Ms", forename="Ada", surname="OKAFOR", address_1="1 High Street",
        postcode="nm11aa", balance_pence=1_000)  # fmt: skip
    assert counts(applied(csv_of(line("A1")))) == {"unchanged": 1}


def test_editing_needs_the_permission(council: Council) -> None:
    made, nobody = add(), Actor("Sam", permissions=frozenset({"accounts.view"}))
    at = clock.now()
    steps: tuple[Callable[[], object], ...] = (
        lambda: editing.add_account("CT", KHAN, actor=nobody, at=at),
        lambda: editing.change_account(made.pk, {}, actor=nobody, at=at, seen=""),
        lambda: editing.close_account(made.pk, reason="", actor=nobody, at=at),
        lambda: editing.reopen_account(made.pk, reason="", actor=nobody, at=at),
    )
    for step in steps:
        with pytest.raises(NotAllowed):
            step()


# --- finding --------------------------------------------------------------------------------------
def test_many_are_found_in_one_query(council: Council) -> None:
    applied(csv_of(*[line(f"A{number}") for number in range(30)]))
    with counted() as queries:
        found = selectors.find_accounts("CT", ["a1", " A 2 ", "A1", "NOPE"])
    assert len(queries) == 1
    assert {given: account.reference for given, account in found.items()} == {
        "a1": "A1", " A 2 ": "A2", "A1": "A1",
    }  # fmt: skip
    assert selectors.find_accounts("HR", ["A1"]) == {}
    assert selectors.find_account("HR", "A1") is None


# --- rows of another system -----------------------------------------------------------------------
ROW = {
    "reference": "A1",
    "surname": "Khan",
    "address_1": "1 High St",
    "postcode": "",
    "balance": "1.50",
}


def send(*rows: Mapping[str, object], key: str = "k1", mode: str = "delta") -> AccountLoad:
    return services.load_rows("CT", mode, rows, actor=LOADER, at=clock.now(), idempotency_key=key)


def test_rows_take_the_way_of_a_file_and_apply_themselves(council: Council) -> None:
    found = send(ROW, {**ROW, "reference": "B2", "address_1": 'Flat 2,\nThe "Mill"'})
    tasks.read_account_load.function(load_id=found.pk)
    assert selectors.get_load(found.pk).state == states.APPLYING
    tasks.apply_account_load.function(load_id=found.pk)
    assert selectors.get_load(found.pk).state == states.APPLIED
    assert held() == {"A1": ("Khan", 150, False), "B2": ("Khan", 150, False)}
    account = selectors.find_account("CT", "B2")
    assert account is not None
    assert account.address_1 == 'Flat 2, The "Mill"'


def test_rows_that_need_a_person_wait_for_one(council: Council) -> None:
    good = [{**ROW, "reference": f"G{number}"} for number in range(20)]
    found = send(*good, {**ROW, "balance": "x"})
    tasks.read_account_load.function(load_id=found.pk)
    assert selectors.get_load(found.pk).state == states.READY
    odd = send(*good, {**ROW, "extra": "1"}, key="k2")
    loading.read_load(odd.pk)
    assert selectors.get_load(odd.pk).rejected_count == 1


def test_a_key_is_one_load(council: Council) -> None:
    first = send(ROW)
    assert send(ROW).pk == first.pk
    with pytest.raises(KeyUsedDifferently):
        send({**ROW, "balance": "2.00"})
    with pytest.raises(KeyUsedDifferently):
        send(ROW, mode="full")
    assert AccountLoad.objects.count() == 1


def test_no_rows_are_refused_in_words(council: Council) -> None:
    found = send()
    assert loading.read_load(found.pk).state == states.REFUSED
    assert "The file is empty" in selectors.get_load(found.pk).refusal


# --- background work ------------------------------------------------------------------------------
def test_work_that_was_lost_is_asked_for_again(council: Council) -> None:
    found = send(ROW)
    assert not tasks.has_unfinished()
    AccountLoad.objects.update(received_at=clock.now() - 2 * tasks.LOST_AFTER)
    assert tasks.has_unfinished()
    tasks.resume_account_loads.function()
    tasks.read_account_load.function(load_id=found.pk)
    tasks.resume_account_loads.function()
    tasks.apply_account_load.function(load_id=found.pk)
    assert not tasks.has_unfinished()
    tasks.read_account_load.function(load_id=found.pk)  # late: nothing happens
    assert selectors.get_load(found.pk).state == states.APPLIED


def test_a_load_that_was_overtaken_compares_itself_again(council: Council) -> None:
    found = send(ROW)
    tasks.read_account_load.function(load_id=found.pk)
    add(reference="Z9")
    tasks.apply_account_load.function(load_id=found.pk)
    assert selectors.get_load(found.pk).state == states.READY
    tasks.read_account_load.function(load_id=found.pk)
    tasks.apply_account_load.function(load_id=found.pk)
    assert set(held()) == {"A1", "Z9"}


def test_a_load_of_a_person_waits_for_that_person(council: Council) -> None:
    found = preview(csv_of(line("A1")))
    tasks.read_account_load.function(load_id=found.pk)
    assert selectors.get_load(found.pk).state == states.READY
