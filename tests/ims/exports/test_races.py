"""Two people press at once: every line leaves once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from ims.exports import lines, selectors, services
from ims.exports.errors import NothingToExport, RunInOtherState, RunUnderWay
from ims.exports.models import ExportedLine, ExportRun
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims.exports.posting import draft, post_income

pytestmark = pytest.mark.committed


def at_once(council: Council, *calls: Callable[[], object]) -> list[object]:
    """Each call in a thread and connection of its own; results or errors, in order."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            with enter(council):
                barrier.wait(timeout=30)
                return call()
        except ImsError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def make(actor: Actor) -> Callable[[], ExportRun]:
    return lambda: services.run("fixed-ledger", actor=actor, at=clock.now())


def test_runs_at_once_never_share_a_line(
    committed_councils: tuple[Council, Council], actor: Actor
) -> None:
    council, _ = committed_councils
    with enter(council):
        post_income(*(draft(100 + n) for n in range(300)))
    results = at_once(council, *([make(actor)] * 4))
    made = [result for result in results if isinstance(result, ExportRun)]
    refused = [result for result in results if not isinstance(result, ExportRun)]
    assert len(made) == 1
    assert all(isinstance(each, RunUnderWay | NothingToExport) for each in refused)
    with enter(council):
        held = Counter(ExportedLine.objects.values_list("line_id", flat=True))
        assert len(held) == 300
        assert set(held.values()) == {1}
        assert ExportRun.objects.count() == 1


def test_a_run_while_another_is_being_made_is_refused(
    committed_councils: tuple[Council, Council], actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    council, _ = committed_councils
    claimed, go_on = threading.Event(), threading.Event()
    real = lines.claim

    def slow(run: ExportRun) -> int:
        taken = real(run)
        claimed.set()
        assert go_on.wait(timeout=30)
        return taken

    monkeypatch.setattr(lines, "claim", slow)
    with enter(council):
        post_income(draft(100))

    def second() -> object:
        assert claimed.wait(timeout=30)
        try:
            return make(actor)()
        finally:
            go_on.set()

    first_result, second_result = at_once(council, make(actor), second)
    assert isinstance(first_result, ExportRun)
    assert isinstance(second_result, RunUnderWay)


def test_the_key_refuses_a_line_twice_even_without_the_lock(
    committed_councils: tuple[Council, Council], actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    council, _ = committed_councils
    monkeypatch.setattr(services, "_lock", lambda _feed: None)
    with enter(council):
        post_income(*(draft(100 + n) for n in range(50)))

    def run_or_refused() -> object:
        try:
            return make(actor)()
        except Exception as error:  # noqa: BLE001 - which error is asserted below
            return error

    results = at_once(council, *([run_or_refused] * 3))
    assert sum(isinstance(result, ExportRun) for result in results) == 1
    with enter(council):
        assert ExportedLine.objects.count() == 50
        assert ExportRun.objects.count() == 1


def test_lines_posted_while_a_file_is_made_wait_for_the_next(
    committed_councils: tuple[Council, Council], actor: Actor
) -> None:
    council, _ = committed_councils
    with enter(council):
        post_income(*(draft(100) for _ in range(20)))
    results = at_once(
        council, make(actor), *([lambda: post_income(*(draft(1) for _ in range(20)))] * 3)
    )
    assert isinstance(results[0], ExportRun)
    with enter(council):
        left = selectors.waiting().line_count
        assert results[0].line_count + left == 80
        if left:
            assert make(actor)().line_count == left
        assert ExportedLine.objects.count() == 80


def test_accept_and_reject_at_once_leave_one_outcome(
    committed_councils: tuple[Council, Council], actor: Actor
) -> None:
    council, _ = committed_councils
    with enter(council):
        post_income(draft(100))
        run = services.run("fixed-ledger", actor=actor, at=clock.now())
        services.mark_sent(run.pk, actor=actor, at=clock.now())
    results = at_once(
        council,
        lambda: services.accept(run.pk, actor=actor, at=clock.now()),
        lambda: services.reject(run.pk, reason="No.", actor=actor, at=clock.now()),
    )
    ended = [result for result in results if isinstance(result, ExportRun)]
    refused = [result for result in results if isinstance(result, RunInOtherState)]
    assert (len(ended), len(refused)) == (1, 1)
    with enter(council):
        assert ExportedLine.objects.count() == (1 if ended[0].state == "accepted" else 0)
