"""Questions about the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ims.ledger import selectors
from ims.ledger.errors import EntryNotFound
from ims.ledger.models import Block
from ims.ledger.tasks import seal_ledger
from ims_tenants.models import Council
from tests.factories.drafts import ON, line, posted


def test_an_entry_comes_with_its_lines(council: Council) -> None:
    entry = posted(line(1_000), line(250, "HR", "60000000001"))
    found = selectors.get_entry(entry)
    assert sorted(each.amount_pence for each in found.lines.all()) == [250, 1_000]
    assert list(selectors.entries_by_id([entry])) == [entry]


def test_an_entry_that_is_not_there_is_refused_in_words(council: Council) -> None:
    with pytest.raises(EntryNotFound, match="no transaction with this number"):
        selectors.get_entry(999_999)


def test_lines_are_counted_by_the_day_they_were_received(council: Council) -> None:
    posted(line(1_000), line(2_000))
    day = timedelta(days=1)
    assert selectors.count_lines(ON, ON) == 2
    assert selectors.count_lines(ON + day, ON + day) == 0
    assert selectors.count_lines(ON - day, ON - day) == 0


def test_the_background_task_seals_what_was_posted(
    council: Council,
) -> None:
    entry = posted(line(1_000))
    assert selectors.has_unsealed()
    seal_ledger.function()
    assert [block.last_entry_id for block in Block.objects.all()] == [entry]
    assert not selectors.has_unsealed()
