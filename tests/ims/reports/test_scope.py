"""A person limited to some funds sees and moves the money of those only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ims.accounts.editing import add_account, close_account
from ims.funds.models import Fund, FundGroup
from ims.funds.selectors import book
from ims.ledger.errors import AlreadyReversed
from ims.ledger.models import Entry
from ims.ledger.services import reverse
from ims.receipts.services import take
from ims.reports.income import income
from ims.reports.scope import fund_ids
from ims.suspense.models import SuspenseItem
from ims.suspense.services import Target, allocate
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.grants import GrantDraft, give
from ims_kernel.identity.models import Grant
from ims_kernel.identity.selectors import actor_for
from ims_kernel.permissions import OutOfScope, OverLimit
from ims_kernel.references import encode
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.money import ACTOR, Payment, account_of
from tests.factories.money import _draft as receipt
from tests.factories.money import take as taken
from tests.factories.people import SYSTEM, acting, fund_groups, grant, person, role

NOW = clock.now()
VIEW = ["ledger.view", "suspense.view", "suspense.allocate"]


@pytest.fixture(autouse=True)
def groups() -> Iterator[None]:
    with fund_groups():
        yield


@pytest.fixture
def tax_only(council: Council, client_for: ClientFor) -> Client:
    """Somebody who sees Council Tax and nothing else."""
    client = client_for(council, [])
    give(
        client.user.pk,  # type: ignore[attr-defined]
        grant(VIEW, groups=["TAX"], limit_pence=50_00),
        actor=SYSTEM,
        at=NOW,
    )
    return client


@pytest.fixture
def paid(council: Council) -> tuple[int, int]:
    """A payment of Council Tax and one of rent: the numbers of their entries."""
    tax, rent = taken(
        Payment(fund="CT", payer="TAXPAYER"), Payment(fund="HR", payer="TENANT", account="6" * 11)
    )
    return tax, rent


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return (b"".join(answer) if answer.streaming else answer.content).decode()


# --- seeing ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/transactions", "/transactions.csv", "/transactions?fund="])
def test_the_list_and_the_file_hold_the_persons_funds_only(
    paid: tuple[int, int], tax_only: Client, council: Council, client_for: ClientFor, path: str
) -> None:
    mine, everything = page(tax_only, path), page(client_for(council, ["ledger.view"]), path)
    assert "TAXPAYER" in mine
    assert "TENANT" not in mine
    assert "TENANT" in everything


def test_a_fund_of_others_cannot_be_asked_for(paid: tuple[int, int], tax_only: Client) -> None:
    assert 'value="HR"' not in page(tax_only, "/transactions")
    assert "TENANT" not in page(tax_only, "/transactions?fund=HR", 400)
    number = encode(paid[1])
    assert "TENANT" not in page(tax_only, f"/transactions?receipt={number}")


def test_a_transaction_of_others_is_not_found(paid: tuple[int, int], tax_only: Client) -> None:
    assert "TAXPAYER" in page(tax_only, f"/transactions/{encode(paid[0])}")
    refused = page(tax_only, f"/transactions/{encode(paid[1])}", 404)
    assert "TENANT" not in refused
    assert "in a fund you may not see" in refused


def test_of_a_transaction_in_several_funds_only_the_own_lines_are_told(
    council: Council, tax_only: Client
) -> None:
    taken(Payment(amount_pence=100_00, parked=True))
    item = SuspenseItem.objects.get()
    targets = [Target("CT", account_of_code("CT"), 40_00), Target("HR", "6" * 11, 60_00)]
    entry = allocate(item.pk, targets, actor=ACTOR, at=NOW)
    shown = page(tax_only, f"/transactions/{encode(entry)}")
    assert "2 more lines are in funds you may not see" in shown
    assert "6" * 11 not in shown
    story = page(tax_only, f"/suspense/{item.pk}")
    assert "£60.00 to another fund" in story
    assert "6" * 11 not in story


def account_of_code(code: str) -> str:
    return account_of(book().fund(code))


def test_income_counts_the_persons_funds_only(paid: tuple[int, int], tax_only: Client) -> None:
    user = tax_only.user  # type: ignore[attr-defined]
    found = income(clock.today(), within_funds=fund_ids(actor_for(user), "ledger.view"))
    assert [row.code for row in found.by_fund] == ["CT"]
    assert found.total.today_pence == 12_345
    assert page(tax_only, "/").count("Council Tax") >= 1


def test_whoever_is_not_limited_waits_for_no_more_queries(
    paid: tuple[int, int], council: Council, client_for: ClientFor
) -> None:
    free = acting(grant(VIEW))
    with CaptureQueriesContext(connection) as queries:
        assert fund_ids(free, "ledger.view") is None
    assert len(queries) == 0


def test_a_group_of_funds_is_what_it_holds_now(council: Council) -> None:
    group = FundGroup.objects.create(code="COUNCIL", name="Council services")
    user = person()
    draft = GrantDraft(role(VIEW).pk, clock.day_of(NOW), scope={"fund_group": ["COUNCIL"]})
    give(user.pk, draft, actor=SYSTEM, at=NOW)
    assert fund_ids(actor_for(user), "ledger.view") == frozenset()
    rent = Fund.objects.get(code="HR")
    group.funds.add(rent)
    FundGroup.objects.update(is_active=False)
    assert fund_ids(actor_for(user), "ledger.view") == frozenset({rent.pk})
    assert not actor_for(user).may("ledger.view", fund="CT")


def test_accounts_of_others_are_not_found_or_changed(
    council: Council, client_for: ClientFor
) -> None:
    values = {"reference": "6" * 11, "surname": "TENANT"}
    rent = add_account("HR", values, actor=ACTOR, at=NOW)
    client = client_for(council, [])
    seeing = ["accounts.view", "accounts.edit"]
    give(client.user.pk, grant(seeing, groups=["TAX"]), actor=SYSTEM, at=NOW)  # type: ignore[attr-defined]
    assert "TENANT" not in page(client, f"/accounts?reference={'6' * 11}")
    assert "TENANT" not in page(client, f"/accounts/{rent.pk}", 404)
    assert "TENANT" not in page(client, f"/accounts/{rent.pk}/change", 404)
    page(client, "/accounts/test-references", 403)
    actor = actor_for(client.user)  # type: ignore[attr-defined]
    with pytest.raises(OutOfScope):
        add_account("HR", values | {"reference": "7" * 11}, actor=actor, at=NOW)
    with pytest.raises(OutOfScope):
        close_account(rent.pk, reason="x", actor=actor, at=NOW)
    rent.refresh_from_db()
    assert not rent.is_closed
    everything = client_for(council, ["accounts.view"])
    assert "TENANT" in page(everything, f"/accounts/{rent.pk}")


# --- doing ----------------------------------------------------------------------------------------
def test_suspense_goes_only_to_the_own_funds_and_up_to_the_limit(
    council: Council, tax_only: Client
) -> None:
    taken(Payment(amount_pence=100_00, parked=True))
    item = SuspenseItem.objects.get()
    actor = actor_for(tax_only.user)  # type: ignore[attr-defined]
    tax = account_of_code("CT")
    for targets, refusal, place in (
        ([Target("CT", tax, 10_00), Target("HR", "6" * 11, 10_00)], OutOfScope, 1),
        ([Target("CT", tax, 50_01)], OverLimit, 0),
        # Split over two accounts, it is one act all the same.
        ([Target("CT", tax, 30_00), Target("CT", tax, 30_00)], OverLimit, 0),
    ):
        with pytest.raises(refusal) as refused:
            allocate(item.pk, targets, actor=actor, at=NOW)
        assert refused.value.facts["target"] == place
    item.refresh_from_db()
    assert (item.remaining_pence, Entry.objects.count()) == (100_00, 1)
    assert not AuditEvent.objects.filter(act="suspense.allocate").exists()
    allocate(item.pk, [Target("CT", tax, 50_00)], actor=actor, at=NOW)
    shown = page(tax_only, f"/suspense/{item.pk}")
    assert "Housing" not in shown
    sent = {"to-1-fund": "CT", "to-1-account": tax, "to-1-amount": "50.01", "accounts": "1"}
    answer = tax_only.post(f"/suspense/{item.pk}", sent)
    assert "You may do this up to £50.00" in answer.content.decode()


def test_a_reversal_needs_every_fund_and_the_whole_amount(paid: tuple[int, int]) -> None:
    tax, rent = paid
    actor = acting(grant(["ledger.reverse"], groups=["TAX"], limit_pence=123_45))
    poor = acting(grant(["ledger.reverse"], limit_pence=123_44))
    with pytest.raises(OutOfScope):
        reverse(rent, reason="x", actor=actor, at=NOW)
    with pytest.raises(OverLimit):
        reverse(tax, reason="x", actor=poor, at=NOW)
    assert Entry.objects.count() == 2
    reverse(tax, reason="x", actor=actor, at=NOW)
    with pytest.raises(AlreadyReversed):
        reverse(tax, reason="x", actor=actor, at=NOW)


def test_money_is_taken_in_the_own_funds_and_up_to_the_limit(council: Council) -> None:
    actor = acting(grant(["receipts.take"], groups=["TAX"], limit_pence=20_00))
    for payment, refusal in (
        (Payment(fund="HR", account="6" * 11, amount_pence=1), OutOfScope),
        (Payment(amount_pence=1, parked=True), OutOfScope),
        (Payment(fund="CT", amount_pence=20_01), OverLimit),
    ):
        with pytest.raises(refusal):
            take(receipt(payment), actor=actor, at=NOW)
    assert not Entry.objects.exists()
    assert take(receipt(Payment(fund="CT", amount_pence=20_00)), actor=actor, at=NOW)
    assert Grant.objects.filter(limit_pence=20_00).count() == 1
