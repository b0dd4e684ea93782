"""Jobs carry a council and ids, live and die with their transaction, and run only where open."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from ims.imports import tasks as import_tasks
from ims.ledger import tasks as ledger_tasks
from ims.ledger.models import Block
from ims.ledger.tasks import seal_ledger
from ims_kernel.errors import Retryable
from ims_kernel.jobs import schedules
from ims_kernel.jobs.task import CouncilTask, council_task
from ims_kernel.scope import schema_name
from ims_tenants.current import council as at_hand
from ims_tenants.current import enter, public
from ims_tenants.errors import CouncilNotFound
from ims_tenants.models import Council
from tests.councils import move
from tests.factories.bank_files import csv_file, row, upload
from tests.factories.drafts import AT, TESTER, line, posted

ran: list[tuple[str, dict[str, Any]]] = []


@council_task(queue="tests")
def remember(*, number: int) -> None:
    """Says where it ran."""
    ran.append((at_hand().name, {"number": number}))


@pytest.fixture(autouse=True)
def nothing_ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nor does a job close the test's own connection, with the test's transaction in it."""
    monkeypatch.setattr("ims_kernel.jobs.task.close_old_connections", lambda: None)
    ran.clear()
    yield
    ran.clear()


def jobs(name: str = remember.name) -> list[Any]:
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id"))


def run(job: Any) -> None:
    """Run a stored job as the worker does, with the arguments that were stored."""
    with public():
        app.tasks[job.task_name].func(**job.args)


def test_a_job_runs_in_the_council_that_asked(northmoor: Council, eastshire: Council) -> None:
    for number, each in enumerate((northmoor, eastshire)):
        with enter(each):
            remember.enqueue(number=number)
    one, other = jobs()
    run(other)
    run(one)
    assert ran == [
        ("Eastshire Council", {"number": 1}),
        ("Northmoor District Council", {"number": 0}),
    ]
    assert schema_name() == "public"


def test_a_job_outside_a_council_is_refused(db: None) -> None:
    with public(), pytest.raises(RuntimeError, match="must be enqueued inside a council"):
        remember.enqueue(number=1)
    assert jobs() == []


def test_a_change_that_is_rolled_back_leaves_no_job(council: Council) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remember.enqueue(number=1)
        assert len(jobs()) == 1
        raise ZeroDivisionError
    assert jobs() == []


@pytest.mark.committed
def test_a_committed_change_leaves_its_job(committed_councils: tuple[Council, Council]) -> None:
    with enter(committed_councils[0]):
        with transaction.atomic():
            job_id = remember.enqueue(number=7, lock="seven")
        other_connection = connection.copy()
        try:
            with other_connection.cursor() as cursor:
                cursor.execute(
                    "SELECT args->>'number', args->>'council_id', lock, status::text "
                    "FROM public.procrastinate_jobs WHERE id = %s",
                    [job_id],
                )
                found = cursor.fetchone()
        finally:
            other_connection.close()
    identity = str(committed_councils[0].uuid)
    assert found == ("7", identity, f"{identity}:seven", "todo")


@pytest.mark.parametrize("step", ["suspend", "close"])
def test_a_job_of_a_council_that_is_not_open_does_not_run(
    northmoor: Council, eastshire: Council, step: str
) -> None:
    with enter(northmoor):
        remember.enqueue(number=1)
        posted(line(100))
        seal_ledger.enqueue()
    move(northmoor, step)
    for job in (*jobs(), *jobs(seal_ledger.name)):
        with pytest.raises(CouncilNotFound, match="not there or not open"):
            run(job)
    assert ran == []
    with enter(northmoor):
        assert Block.objects.count() == 0


def test_a_job_of_a_council_that_is_gone_does_not_run(council: Council) -> None:
    with public(), pytest.raises(CouncilNotFound):
        app.tasks[remember.name].func(council_id="00000000-0000-4000-8000-000000000000", number=1)
    assert ran == []


def test_a_resumed_councils_job_runs(northmoor: Council) -> None:
    with enter(northmoor):
        remember.enqueue(number=1)
    move(northmoor, "go_live")
    move(northmoor, "suspend")
    move(northmoor, "resume")
    run(jobs()[0])
    assert ran == [("Northmoor District Council", {"number": 1})]


def test_the_arguments_of_every_job_are_ids() -> None:
    """The table of jobs is shared by all councils, so it may not hold what belongs to one."""
    tasks = [
        value
        for module in (import_tasks, ledger_tasks)
        for value in vars(module).values()
        if isinstance(value, CouncilTask)
    ]
    assert len(tasks) >= 4
    for task in tasks:
        for parameter in inspect.signature(task.function).parameters.values():
            assert parameter.name.endswith("_id"), task.name
            assert parameter.annotation == "int", task.name
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, task.name


def test_jobs_of_a_real_upload_hold_ids_and_nothing_else(council: Council) -> None:
    from ims.imports.services import receive  # noqa: PLC0415 - named beside its use

    data = csv_file(row(narrative="Mr Invented Payer"))
    found = receive(upload(data, "secret name.csv"), actor=TESTER, at=AT)
    (job,) = jobs(import_tasks.read_import_file.name)
    assert job.args == {"council_id": str(council.uuid), "import_id": found.pk}
    assert job.lock == f"{council.uuid}:import:{found.pk}"


def test_what_may_pass_by_itself_is_tried_again_and_what_will_not_is_not() -> None:
    strategy = app.tasks[remember.name].retry_strategy
    assert isinstance(strategy, RetryStrategy)
    assert strategy.retry_exceptions is not None
    assert Retryable in strategy.retry_exceptions
    assert CouncilNotFound not in strategy.retry_exceptions


def test_sealing_is_due_only_when_something_is_new(council: Council) -> None:
    assert "seal" in schedules.registered()
    before = len(jobs(seal_ledger.name))
    schedules.dispatch()
    assert len(jobs(seal_ledger.name)) == before
    posted(line(100))
    schedules.dispatch()
    assert len(jobs(seal_ledger.name)) == before + 1
