"""Whatever is done in whatever order, the books agree after every step.

Hypothesis takes, parks, allocates, reverses and imports at random, in one council, and keeps a
plain account of it beside; after each step the ledger must say the same and every proof must hold.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ims.funds.models import Fund
from ims.imports import states
from ims.imports.errors import AlreadyReceived
from ims.imports.models import ImportFile
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims.imports.services import receive, request_post
from ims.ledger.errors import AlreadyReversed
from ims.ledger.models import Entry, Line
from ims.ledger.sealing import seal
from ims.ledger.services import reverse
from ims.receipts.services import take
from ims.suspense.errors import AlreadyAllocated
from ims.suspense.models import SuspenseItem
from ims.suspense.services import Target, allocate
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.bank_files import csv_file, row, upload
from tests.factories.drafts import AT, TESTER, count, problems, receipt

ACCOUNTS = {"CT": "770000001", "HR": "60000000001", "TW": "TW00001", "OLD": "X", "ZZ": "?"}
PLACED = ("CT", "HR", "TW")
amounts = st.integers(-50_000, 50_000).filter(bool)
choice = st.integers(0, 10_000)


class Books(RuleBasedStateMachine):
    """One council's cash book, and what it should say."""

    council: Council

    def __init__(self) -> None:
        super().__init__()
        self._savepoint = transaction.atomic()
        self._savepoint.__enter__()
        self._inside = enter(self.council)
        self._inside.__enter__()
        self.taken_pence = 0
        self.entries: list[int] = []
        self.reversed: set[int] = set()
        self.keys: dict[str, tuple[Any, int]] = {}
        self.files: dict[bytes, int] = {}

    def teardown(self) -> None:
        self._inside.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._savepoint.__exit__(None, None, None)

    @initialize()
    def starts_empty(self) -> None:
        assert count("ledger_entry") == 0

    # --- acts ------------------------------------------------------------------------------------
    @rule(pence=amounts, fund=st.sampled_from(sorted(ACCOUNTS)))
    def take_money(self, pence: int, fund: str) -> None:
        self.entries.append(take(receipt(pence, fund, ACCOUNTS[fund]), actor=TESTER, at=AT))
        self.taken_pence += pence

    @rule(pence=amounts, fund=st.sampled_from(sorted(ACCOUNTS)), key=st.sampled_from("KLM"))
    def take_money_with_a_key(self, pence: int, fund: str, key: str) -> None:
        draft = receipt(pence, fund, ACCOUNTS[fund], key=key)
        if key in self.keys:
            draft, entry_id = self.keys[key]
            assert take(draft, actor=TESTER, at=AT) == entry_id
            return
        entry_id = take(draft, actor=TESTER, at=AT)
        self.keys[key] = (draft, entry_id)
        self.entries.append(entry_id)
        self.taken_pence += pence

    @precondition(lambda _self: SuspenseItem.objects.exists())
    @rule(
        which=choice, shares=st.lists(st.integers(1, 40_000), min_size=1, max_size=3), data=choice
    )
    def allocate_an_item(self, which: int, shares: list[int], data: int) -> None:
        items = list(SuspenseItem.objects.order_by("id"))
        item = items[which % len(items)]
        sign = 1 if item.amount_pence > 0 else -1
        targets = [
            Target(PLACED[(data + n) % 3], ACCOUNTS[PLACED[(data + n) % 3]], sign * share)
            for n, share in enumerate(shares)
        ]
        fits = sum(shares) <= abs(item.remaining_pence)
        try:
            self.entries.append(allocate(item.pk, targets, actor=TESTER, at=AT))
            assert fits
        except AlreadyAllocated:
            assert not fits

    @precondition(lambda self: bool(self.entries))
    @rule(which=choice)
    def reverse_an_entry(self, which: int) -> None:
        entry_id = self.entries[which % len(self.entries)]
        entry = Entry.objects.get(pk=entry_id)
        try:
            self.entries.append(reverse(entry_id, reason="x", actor=TESTER, at=AT))
        except AlreadyReversed:
            assert entry_id in self.reversed
        except AlreadyAllocated:
            assert entry_id not in self.reversed
        else:
            assert entry_id not in self.reversed
            self.reversed.add(entry_id)
            self.taken_pence -= entry.total_pence

    @rule(
        lines=st.lists(
            st.tuples(
                st.sampled_from(["10.00", "-2.50", "0.03", "1.005", "0.00", "999.99"]),
                st.sampled_from(["770000001", "60000000001", "TW00001", "WHO KNOWS"]),
            ),
            min_size=1,
            max_size=4,
        ),
        crlf=st.booleans(),
    )
    def import_a_file(self, lines: list[tuple[str, str]], crlf: bool) -> None:
        plain = csv_file(*(row(*each) for each in lines))
        data = plain.replace(b"\n", b"\r\n") if crlf else plain
        try:
            found = receive(upload(data), actor=TESTER, at=AT, read_later=False)
        except AlreadyReceived:
            return
        if read_file(found.pk).state == states.REJECTED:
            assert ImportFile.objects.filter(state=states.POSTED).exists()
            return
        request_post(found.pk, actor=TESTER, at=AT, post_later=False)
        before = set(Entry.objects.values_list("pk", flat=True))
        done = post_file(found.pk, clock=lambda: AT, chunk_rows=2)
        new = set(Entry.objects.values_list("pk", flat=True)) - before
        assert len(new) == done.posted_count + done.parked_count
        self.entries += sorted(new)
        self.taken_pence += done.posted_pence + done.parked_pence
        # At once again, saved in the other way: nothing more.
        again = plain if crlf else plain.replace(b"\n", b"\r\n")
        twin = receive(upload(again), actor=TESTER, at=AT, read_later=False)
        readable = done.row_count > done.rejected_count
        assert read_file(twin.pk).state == (states.REJECTED if readable else states.READY)

    @rule()
    def seal_what_there_is(self) -> None:
        seal(at=AT, patience=30)

    # --- what must hold after each ---------------------------------------------------------------
    @invariant()
    def every_proof_holds(self) -> None:
        assert problems() == []

    @invariant()
    def posted_and_parked_are_what_was_taken(self) -> None:
        held = Line.objects.aggregate(total=Sum("amount_pence"))["total"] or 0
        assert held == self.taken_pence
        suspense = Fund.objects.get(purpose="suspense")
        parked = Line.objects.filter(fund=suspense).aggregate(total=Sum("amount_pence"))["total"]
        waiting = SuspenseItem.objects.aggregate(total=Sum("remaining_pence"))["total"]
        assert (parked or 0) == (waiting or 0)

    @invariant()
    def nothing_is_posted_that_was_not_asked_for(self) -> None:
        assert sorted(self.entries) == list(
            Entry.objects.order_by("pk").values_list("pk", flat=True)
        )

    @invariant()
    def vat_is_part_of_each_line_and_a_reversal_undoes_all_of_it(self) -> None:
        for line in Line.objects.filter(vat_basis_points__gt=0):
            vat, whole = line.vat_pence, 10_000 + line.vat_basis_points
            exact = line.amount_pence * line.vat_basis_points
            assert abs(vat * whole - exact) * 2 <= whole
        pairs = Entry.objects.filter(kind="reversal").values_list("corrects_id", "pk")
        for pair in pairs:
            funds = Line.objects.filter(entry_id__in=pair).values("fund", "account_reference")
            sums = funds.annotate(pence=Sum("amount_pence"), vat=Sum("vat_pence"))
            assert {(found["pence"], found["vat"]) for found in sums} == {(0, 0)}


def test_the_books_agree_after_any_steps(
    northmoor: Council, eastshire: Council, request: pytest.FixtureRequest
) -> None:
    with enter(eastshire):
        before = count("audit_auditevent")
    Books.council = northmoor
    case = Books.TestCase
    case.settings = settings(
        max_examples=14,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    case("runTest").runTest()
    with enter(eastshire):
        assert count("ledger_entry") == 0
        assert count("audit_auditevent") == before
