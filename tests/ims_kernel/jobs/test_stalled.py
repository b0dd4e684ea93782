"""A dead worker's jobs are put back for another; a living worker keeps its own."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from ims_kernel.jobs import stalled
from ims_kernel.jobs.task import council_task
from ims_tenants.current import enter, public
from ims_tenants.models import Council


@council_task(queue="tests")
def left_behind() -> None:
    """Never runs here: these tests look at the table of jobs."""


def worker_silent_for(seconds: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_workers (last_heartbeat) "
            "VALUES (clock_timestamp() - make_interval(secs => %s)) RETURNING id",
            [seconds],
        )
        return int(cursor.fetchone()[0])


def begun_by(worker: int, council: Council) -> int:
    """A job of the council that this worker is doing."""
    with enter(council):
        job_id = left_behind.enqueue()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [worker, job_id],
        )
    return job_id


def test_only_the_jobs_of_the_dead_worker_are_put_back(
    northmoor: Council, eastshire: Council
) -> None:
    dead = worker_silent_for(stalled.DEAD_AFTER_SECONDS + 60)
    alive = worker_silent_for(0)
    ours, theirs = begun_by(dead, northmoor), begun_by(dead, eastshire)
    kept = begun_by(alive, northmoor)
    with public():
        assert async_to_sync(stalled.put_back)(app) == 2
        states = {
            job.pk: (job.status, job.args["council_id"])
            for job in ProcrastinateJob.objects.filter(pk__in=(ours, theirs, kept))
        }
        assert states == {
            ours: ("todo", str(northmoor.uuid)),
            theirs: ("todo", str(eastshire.uuid)),
            kept: ("doing", str(northmoor.uuid)),
        }
        assert async_to_sync(stalled.put_back)(app) == 0


def test_a_worker_may_miss_a_few_beats() -> None:
    assert stalled.DEAD_AFTER_SECONDS >= 3 * stalled.HEARTBEAT_SECONDS
