"""Drafts that cannot be unbalanced."""

from __future__ import annotations

from datetime import date

import pytest

from ims.ledger.entries import BRINGS_MONEY, EntryDraft, Kind, LineDraft, check
from ims.ledger.errors import EntryUnbalanced
from ims_kernel.money import MAX_PENCE

ON = date(2026, 11, 19)
MOVES = sorted(set(Kind) - BRINGS_MONEY)


def draft(kind: Kind, *amounts: int) -> EntryDraft:
    lines = tuple(LineDraft(1, 1, "A", amount, 1, 0, 0, ON) for amount in amounts)
    return EntryDraft(kind, ON, lines)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_entry_needs_a_line(kind: Kind) -> None:
    with pytest.raises(EntryUnbalanced, match="An entry needs at least one line"):
        check(draft(kind))


@pytest.mark.parametrize("kind", sorted(BRINGS_MONEY))
def test_what_brings_money_may_have_any_total(kind: Kind) -> None:
    assert check(draft(kind, 100, -30)) == 70
    assert check(draft(kind, -100)) == -100


@pytest.mark.parametrize("kind", MOVES)
def test_what_moves_money_adds_up_to_zero(kind: Kind) -> None:
    assert check(draft(kind, 100, -70, -30)) == 0
    with pytest.raises(EntryUnbalanced) as refused:
        check(draft(kind, 100, -70))
    assert refused.value.message == (
        f"This {kind} is out by £0.30. What it takes from some accounts must equal what it gives "
        "to others."
    )


@pytest.mark.parametrize("amount", [0, MAX_PENCE, -MAX_PENCE])
def test_a_line_of_nothing_or_of_ten_billion_pounds_is_refused(amount: int) -> None:
    with pytest.raises(EntryUnbalanced, match="cannot be posted"):
        check(draft(Kind.RECEIPT, amount))


def test_money_is_moved_by_journals_transfers_and_allocations_only() -> None:
    assert MOVES == [Kind.ALLOCATION, Kind.JOURNAL, Kind.TRANSFER]
