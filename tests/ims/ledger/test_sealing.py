"""Blocks chain, never skip an entry, never hold up a posting, and name the first bad row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Self

import pytest
from django.db import connection, transaction

from ims.ledger import sealing, selectors, services
from ims.ledger.models import Block, Entry
from ims.ledger.periods import PeriodFinder
from ims.ledger.sealing import seal
from ims.ledger.selectors import find_block, has_unsealed
from ims.ledger.verify import prove, row_name
from ims.receipts.services import take, take_batch
from ims_kernel import locks
from ims_kernel.copying import copy_rows
from ims_kernel.references import encode
from ims_kernel.sealing.chain import FIRST_HASH, Digested, block_hash, digest_rows
from ims_kernel.sealing.proof import ChainBroken, restart_anchor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, TESTER, count, entry, line, posted, problems, receipt
from tests.factories.threads import at_once


def seal_now() -> int:
    """Seal with patience for whatever else the machine does."""
    return seal(at=AT, patience=30)


def blocks_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(sealing.CHAIN, block_rows=3)
    for module in (sealing, selectors):
        monkeypatch.setattr(module, "CHAIN", small)


def digest_entries(after: int, up_to: int) -> Digested:
    return digest_rows(sealing.CHAIN, after, up_to)


def test_each_block_follows_the_one_before(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks_of_three(monkeypatch)
    ids = [posted(line(pence)) for pence in range(1, 8)]
    assert seal_now() == 7
    blocks = list(Block.objects.order_by("number"))
    assert [block.number for block in blocks] == [1, 2, 3]
    assert [block.entry_ids for block in blocks] == [ids[:3], ids[3:6], ids[6:]]
    previous, after = FIRST_HASH, 0
    for block in blocks:
        found = digest_entries(after, block.last_entry_id)
        assert bytes(block.previous_hash) == previous
        assert bytes(block.hash) == block_hash(previous, block.number, found)
        assert bytes(block.digests) == found.short()
        previous, after = bytes(block.hash), block.last_entry_id
    assert problems() == []


def test_sealing_again_adds_only_what_is_new(council: Council) -> None:
    assert seal_now() == 0
    assert Block.objects.count() == 0
    first = posted(line(1))
    assert has_unsealed()
    assert find_block(first) is None
    assert seal_now() == 1
    assert not has_unsealed()
    assert seal_now() == 0
    second = posted(line(2))
    assert seal_now() == 1
    found = [find_block(first), find_block(second)]
    assert [block.number if block else None for block in found] == [1, 2]


def test_every_field_of_an_entry_and_its_lines_is_in_its_digest(council: Council) -> None:
    """A column that is added later must be added to the digest, or left out knowingly."""
    for table, left_out in (("ledger_entry", set()), ("ledger_line", {"id"})):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
                [table],
            )
            columns = {row[0] for row in cursor.fetchall()}
        alias = table.removeprefix("ledger_")[0]
        assert {
            column for column in columns if f"{alias}.{column}" not in sealing.DIGESTS
        } == left_out, table


# --- races, for real -----------------------------------------------------------------------------
@pytest.fixture
def real(committed_councils: tuple[Council, Council]) -> Iterator[Council]:
    """A council that commits, entered."""
    with enter(committed_councils[0]):
        yield committed_councils[0]


class Slow:
    """A posting in a thread that stops half way until it may go on."""

    def __init__(self, council: Council, before: Callable[[], None], after: Callable[[], None]):
        self.stopped, self.go_on = threading.Event(), threading.Event()
        self._council, self._before, self._after = council, before, after
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.stopped.wait(timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def finish(self) -> None:
        self.go_on.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        try:
            with enter(self._council), transaction.atomic():
                self._before()
                self.stopped.set()
                self.go_on.wait(timeout=30)
                self._after()
        finally:
            connection.close()


@pytest.mark.committed
def test_an_uncommitted_entry_with_a_lower_id_is_sealed_later_and_never_skipped(
    real: Council,
) -> None:
    def slowly() -> None:
        services.post([entry(line(500))], actor=TESTER, at=AT)

    with Slow(real, slowly, lambda: None) as slow:
        quick = posted(line(1))
        assert seal(at=AT, patience=0.3) == 0
        assert Block.objects.count() == 0
        slow.finish()
        assert seal_now() == 2
    ids = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert ids[-1] == quick
    assert len(ids) == 2
    assert Block.objects.get().entry_ids == ids
    assert problems() == []


@pytest.mark.committed
def test_an_id_handed_out_to_a_transaction_without_a_number_is_waited_for(real: Council) -> None:
    """Most calls of nextval give their transaction no number, so none can be waited for."""
    posted(line(1))  # the sequence has logged ahead by now
    handed: list[int] = []

    def take_id() -> None:
        handed.extend(services._next_ids(1))

    def insert() -> None:
        draft = entry(line(500))
        copy_rows(services._ENTRY, services._entry_rows(handed, [draft], [500], "x", AT))
        finder = PeriodFinder()
        copy_rows(services._LINE, services._line_rows(handed, [draft], finder, AT))

    with Slow(real, take_id, insert) as slow:
        posted(line(2))
        assert seal(at=AT, patience=0.3) == 0
        slow.finish()
    assert seal_now() == 3
    assert Block.objects.get().entry_ids[1] == handed[0]
    assert problems() == []


@pytest.mark.committed
def test_a_transaction_that_is_rolled_back_leaves_a_gap_and_nothing_else(real: Council) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def slowly() -> None:
        services.post([entry(line(500))], actor=TESTER, at=AT)

    def run() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            slowly()
            fail()

    posted(line(1))
    run()
    posted(line(2))
    assert seal_now() == 2
    first, second = Block.objects.get().entry_ids
    assert second - first == 2
    assert problems() == []


@pytest.mark.committed
def test_another_councils_open_transaction_does_not_hold_up_sealing(
    real: Council, committed_councils: tuple[Council, Council]
) -> None:
    def write_elsewhere() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_period SET closed_at = closed_at")
            cursor.execute("LOCK TABLE ledger_entry IN ROW EXCLUSIVE MODE")

    with Slow(committed_councils[1], write_elsewhere, lambda: None):
        posted(line(1))
        assert seal(at=AT, patience=0.0) == 1


@pytest.mark.committed
def test_a_posting_commits_while_a_sealer_holds_its_lock(real: Council) -> None:
    with Slow(real, lambda: locks.hold("seal"), lambda: None):
        entry_id = take(receipt(), actor=TESTER, at=AT)
        assert Entry.objects.filter(pk=entry_id).exists()
    assert seal_now() == 1


@pytest.mark.committed
def test_sealers_and_posters_at_once_seal_every_entry_once(real: Council) -> None:
    def post_some() -> int:
        for _ in range(8):
            take(receipt(), actor=TESTER, at=AT)
        return 8

    def seal_some() -> int:
        return sum(seal_now() for _ in range(4))

    results = at_once(real, [post_some] * 4 + [seal_some] * 3)
    assert results[:4] == [8] * 4
    sealed = sum(r for r in results[4:] if isinstance(r, int)) + seal_now()
    assert sealed == 32
    blocks = Block.objects.order_by("number")
    assert [b.number for b in blocks] == list(range(1, len(blocks) + 1))
    assert list(chain.from_iterable(b.entry_ids for b in blocks)) == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert problems() == []


# --- tampering -----------------------------------------------------------------------------------
@pytest.fixture
def sealed(council: Council, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nine entries in three blocks, and the guards off as only the tables' owner can."""
    blocks_of_three(monkeypatch)
    with transaction.atomic():
        taken = take_batch([receipt(100 + n) for n in range(9)], actor=TESTER, at=AT)
    assert seal_now() == 9
    assert problems() == []
    for table in ("ledger_entry", "ledger_line", "ledger_block"):
        tamper(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return taken.entry_ids


def tamper(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def chain_problem() -> str:
    (problem,) = [p.problem for p in prove() if p.what == "The chain of sealed blocks is whole"]
    return problem


def named(entry_id: int) -> str:
    return f"entry {encode(entry_id)} (id {entry_id})"


class TestTampering:
    """Each act of an owner of the tables, and what verify says of it."""

    def test_a_changed_amount_that_still_balances(self, sealed: list[int]) -> None:
        bad = sealed[4]
        tamper(
            f"UPDATE ledger_line SET amount_pence = amount_pence + 1 WHERE entry_id = {bad}",
            f"UPDATE ledger_entry SET total_pence = total_pence + 1 WHERE id = {bad}",
        )
        # Also a later one: the first is named.
        tamper(f"UPDATE ledger_entry SET narrative = 'x' WHERE id = {sealed[5]}")
        assert problems() == [
            (
                f"Block 2 was altered. The first bad row is {named(bad)}, which is not as it was "
                "sealed."
            )
        ]

    @pytest.mark.parametrize(
        "change",
        [
            "account_reference = '770000002'",
            "fund_id = (SELECT id FROM funds_fund WHERE code = 'HR')",
            "vat_pence = 1",
            "effective_on = effective_on + 1",
            "posted_at = posted_at + interval '1 microsecond'",
        ],
    )
    def test_a_changed_line(self, sealed: list[int], change: str) -> None:
        tamper(f"UPDATE ledger_line SET {change} WHERE entry_id = {sealed[0]}")
        assert chain_problem() == (
            f"Block 1 was altered. The first bad row is {named(sealed[0])}, which is not as it was "
            "sealed."
        )

    def test_a_changed_amount_that_does_not_balance(self, sealed: list[int]) -> None:
        bad = sealed[2]
        tamper(f"UPDATE ledger_line SET amount_pence = 999 WHERE entry_id = {bad}")
        first, second = problems()
        assert first == (
            f"Entry {encode(bad)} (id {bad}, receipt) says 1 lines and 102 pence; its lines are 1 "
            "and 999 pence."
        )
        assert second.startswith(f"Block 1 was altered. The first bad row is {named(bad)}")

    def test_a_deleted_entry(self, sealed: list[int]) -> None:
        bad = sealed[7]
        tamper(
            f"DELETE FROM ledger_line WHERE entry_id = {bad}",
            f"DELETE FROM ledger_entry WHERE id = {bad}",
        )
        assert chain_problem() == (
            f"Block 3 was altered. The first bad row is {named(bad)}, which is gone."
        )

    def test_a_deleted_line(self, sealed: list[int]) -> None:
        tamper(f"DELETE FROM ledger_line WHERE entry_id = {sealed[8]}")
        assert len(problems()) == 2

    def test_a_deleted_entry_whose_lines_stay(self, sealed: list[int]) -> None:
        tamper(f"DELETE FROM ledger_entry WHERE id = {sealed[3]}")
        assert f"belongs to entry {sealed[3]}, which is not there." in problems()[0]

    def test_an_inserted_entry(self, sealed: list[int]) -> None:
        # An id of a gap, as a transaction that was rolled back leaves one.
        bad, copied = sealed[4], sealed[0]
        tamper(
            f"DELETE FROM ledger_block WHERE last_entry_id >= {bad}",
            f"DELETE FROM ledger_line WHERE entry_id = {bad}",
            f"CREATE TEMP TABLE kept AS SELECT * FROM ledger_entry WHERE id = {bad}",
            f"DELETE FROM ledger_entry WHERE id = {bad}",
        )
        assert seal_now() == 5
        restart_anchor(sealing.CHAIN, name=row_name, at=AT)
        assert problems() == []
        tamper(
            "INSERT INTO ledger_entry SELECT * FROM kept",
            "INSERT INTO ledger_line (entry_id, position, fund_id, method_id, vat_code_id, "
            "period_id, account_reference, amount_pence, vat_basis_points, vat_pence, received_on, "
            f"effective_on, posted_at) SELECT {bad}, position, fund_id, method_id, vat_code_id, "
            "period_id, account_reference, 104, vat_basis_points, vat_pence, received_on, "
            f"effective_on, posted_at FROM ledger_line WHERE entry_id = {copied}",
            "DROP TABLE kept",
        )
        assert problems() == [
            f"Block 2 was altered. The first bad row is {named(bad)}, which was added."
        ]

    def test_an_altered_block(self, sealed: list[int]) -> None:
        tamper("UPDATE ledger_block SET hash = sha256('x') WHERE number = 2")
        assert chain_problem() == "Block 2 was altered. The first bad row is the block itself."

    def test_a_block_altered_to_fit_changed_entries_breaks_the_next(
        self, sealed: list[int]
    ) -> None:
        tamper(f"UPDATE ledger_entry SET narrative = 'x' WHERE id = {sealed[3]}")
        found = digest_entries(sealed[2], sealed[5])
        block = Block.objects.get(number=2)
        fitted = block_hash(bytes(block.previous_hash), 2, found)
        Block.objects.filter(number=2).update(hash=fitted, digests=found.short())
        assert chain_problem() == "Block 3 does not follow block 2."

    @pytest.mark.parametrize("number", [1, 2])
    def test_a_missing_block(self, sealed: list[int], number: int) -> None:
        tamper(f"DELETE FROM ledger_block WHERE number = {number}")
        assert chain_problem() == f"Block {number} is missing."

    def test_the_newest_blocks_cut_off_with_their_entries(self, sealed: list[int]) -> None:
        tamper(
            "DELETE FROM ledger_block WHERE number > 1",
            f"DELETE FROM ledger_line WHERE entry_id > {sealed[2]}",
            f"DELETE FROM ledger_entry WHERE id > {sealed[2]}",
        )
        gone = "The newest blocks are gone: block 3 was sealed, and the chain ends with block 1."
        assert problems() == [gone]
        # What is posted and sealed afterwards does not hide it, however far it gets.
        for pence in range(1, 10):
            posted(line(pence))
        assert seal_now() == 9
        assert chain_problem() == "Block 4 was not sealed by the service."

    def test_the_whole_chain_cut_off(self, sealed: list[int]) -> None:
        tamper(*(f"DELETE FROM ledger_{table}" for table in ("block", "line", "entry")))
        assert chain_problem() == (
            "The newest blocks are gone: block 3 was sealed, and the chain is empty."
        )

    def test_a_chain_made_again_over_changed_entries(self, sealed: list[int]) -> None:
        tamper(
            f"UPDATE ledger_entry SET narrative = 'x' WHERE id = {sealed[8]}",
            "DELETE FROM ledger_block WHERE number = 3",
        )
        assert seal_now() == 3
        assert chain_problem() == (
            "Block 3 is not the one that was sealed: the chain was made again."
        )

    def test_an_anchor_that_is_gone(self, sealed: list[int]) -> None:
        tamper(
            "ALTER TABLE ims_tenants_anchor DISABLE TRIGGER USER", "DELETE FROM ims_tenants_anchor"
        )
        assert chain_problem() == "The note of the newest block, kept apart, is gone."

    def test_a_broken_chain_is_not_taken_as_it_is(self, sealed: list[int]) -> None:
        tamper("DELETE FROM ledger_block WHERE number = 2")
        with pytest.raises(ChainBroken, match="Block 2 is missing"):
            restart_anchor(sealing.CHAIN, name=row_name, at=AT)

    def test_whoever_tampers_leaves_the_neighbour_alone(
        self, sealed: list[int], eastshire: Council
    ) -> None:
        tamper("DELETE FROM ledger_line", "DELETE FROM ledger_entry")
        assert len(problems()) == 1
        with enter(eastshire):
            assert problems() == []
            assert count("ledger_block") == 0
