"""Sealing never passes an id that a transaction holds and has not yet written."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from ims.ledger import services
from ims.ledger.models import Block
from ims.ledger.sealing import seal
from ims.ledger.verify import prove
from ims.receipts.services import ReceiptDraft, take
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter
from ims_tenants.models import Council

ACTOR = system("Test")


def _take(account: str) -> int:
    day = date(2026, 11, 2)
    return take(ReceiptDraft("CARD", "CT", account, 1_000, day, day), actor=ACTOR, at=clock.now())


@pytest.mark.committed
def test_an_id_taken_and_not_yet_written_is_not_sealed_over(
    committed_councils: tuple[Council, Council],
) -> None:
    council, _ = committed_councils
    took, go_on = threading.Event(), threading.Event()
    ids: list[int] = []

    def slow_poster() -> None:
        try:
            with enter(council), transaction.atomic():
                # Just what post does first; then the transaction dawdles before it writes.
                ids.extend(services._next_ids(1))
                took.set()
                assert go_on.wait(timeout=30)
                _take("770000001")
        finally:
            connection.close()

    with enter(council):
        # A sequence writes ahead for 32 ids at a time, which would give the poster its number.
        _take("770000003")
        assert seal(at=clock.now()) == 1
    thread = threading.Thread(target=slow_poster)
    thread.start()
    assert took.wait(timeout=30)
    with enter(council):
        later = _take("770000002")
        assert later > ids[0]
        assert seal(at=clock.now(), patience=0.2) == 0
        assert Block.objects.count() == 1
        go_on.set()
        thread.join(timeout=30)
        assert seal(at=clock.now()) == 2
        assert [proof.problem for proof in prove()] == ["", "", ""]
