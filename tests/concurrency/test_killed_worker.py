"""`kill -9` of the worker at any instant: the file is posted once, to the penny, nothing twice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from ims.imports import selectors, states
from ims.imports.models import ImportFile
from ims.imports.reading import read_file
from ims.imports.services import Upload, receive, request_post
from ims.ledger.models import Entry
from ims.receipts.models import Receipt
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.bank_files import many_rows
from tests.factories.drafts import AT, TESTER, count, problems
from tests.factories.workers import kill, let_heartbeats_age, wait_until, worker

LINES, SECONDS = 50_000, 90

pytestmark = pytest.mark.committed


@pytest.fixture
def real(committed_councils: tuple[Council, Council], own_files: Path) -> Iterator[Council]:
    own_files.mkdir(parents=True)
    with enter(committed_councils[0]):
        yield committed_councils[0]


def started(lines: int) -> ImportFile:
    """A file of so many lines whose posting a worker is asked for."""
    upload = Upload("large.csv", many_rows(lines), "bank")
    found = receive(upload, actor=TESTER, at=AT, read_later=False)
    with transaction.atomic():
        read_file(found.pk)
    return request_post(found.pk, actor=TESTER, at=AT)


def done_through(found: ImportFile) -> int:
    return int(ImportFile.objects.values_list("done_through", flat=True).get(pk=found.pk))


def is_posted(found: ImportFile) -> bool:
    return selectors.get_import(found.pk).state == states.POSTED


def assert_posted_once(found: ImportFile, lines: int) -> None:
    """To the row and to the penny, from the rows of the file to the ledger."""
    done = selectors.get_import(found.pk)
    assert (done.state, done.row_count) == (states.POSTED, lines)
    assert done.rejected_count == lines // 50
    assert done.posted_count + done.parked_count + done.rejected_count == lines
    assert done.posted_pence + done.parked_pence + done.rejected_pence == done.total_pence
    rows = selectors.outcome_totals(found.pk)
    assert rows["post"] == (done.posted_count, done.posted_pence)
    assert rows["park"] == (done.parked_count, done.parked_pence)
    taken = lines - done.rejected_count
    assert Entry.objects.count() == Receipt.objects.count() == taken
    assert Receipt.objects.values("line_number").distinct().count() == taken
    assert count("suspense_suspenseitem") == done.parked_count > 0
    assert problems() == []


def test_a_worker_killed_half_way_is_followed_by_another_that_ends_the_job(
    real: Council, tmp_path: Path
) -> None:
    found = started(LINES)
    with worker(tmp_path) as first:
        wait_until(lambda: done_through(found) > 0, seconds=SECONDS, what="the first chunk")
        kill(first)
    stopped_at = done_through(found)
    assert 0 < stopped_at < LINES, "The worker was killed too late to prove anything."
    with worker(tmp_path):
        # The dead worker's job is put back by itself once its heartbeat is ten seconds old.
        wait_until(lambda: is_posted(found), seconds=SECONDS, what="the rest is posted")
        wait_until(lambda: count("ledger_block") > 0, seconds=SECONDS, what="it is sealed")
    assert_posted_once(found, LINES)


def test_workers_killed_again_and_again_at_any_instant_lose_and_double_nothing(
    real: Council, tmp_path: Path
) -> None:
    lines = 30_000
    found = started(lines)
    chance = random.Random(2)  # noqa: S311 - the instants of the kills, the same in every run
    kills = 0
    while not is_posted(found) and kills < 12:
        before = done_through(found)
        with worker(tmp_path) as process:
            wait_until(
                lambda before=before: done_through(found) > before or is_posted(found),  # type: ignore[misc]
                seconds=SECONDS,
                what="another chunk",
            )
            time.sleep(chance.random() * 0.4)
            kill(process)
        kills += 1
        let_heartbeats_age()
    assert kills >= 2
    with worker(tmp_path):
        wait_until(lambda: is_posted(found), seconds=SECONDS, what="the rest is posted")
    assert_posted_once(found, lines)
