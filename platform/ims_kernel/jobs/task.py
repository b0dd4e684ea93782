"""Jobs that belong to a council.

`@council_task` wraps a function of keyword arguments. `.enqueue()` stores the job in the caller's
transaction, so a rolled-back change leaves no job; the worker enters the council before the
function runs. Arguments are ids only: the table of jobs is shared by all councils.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from ims_kernel import origin
from ims_kernel.errors import Retryable
from ims_kernel.jobs import scope
from ims_kernel.scope import scope_id

# What may pass by itself: the database was away, a lock was held too long, a race was lost.
_AGAIN = RetryStrategy(
    max_attempts=10,
    exponential_wait=2,
    retry_exceptions=[OperationalError, InterfaceError, IntegrityError, Retryable],
)


def _worker() -> origin.Origin:
    return origin.Origin(origin.WORKER, origin.new_id())


class CouncilTask:
    """A function that runs in the background, inside the council that asked for it."""

    def __init__(self, function: Callable[..., None], *, queue: str) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.task = app.task(name=self.name, queue=queue, retry=_AGAIN, pass_context=False)(
            self._run
        )

    def _run(self, *, council_id: str, **arguments: Any) -> None:
        close_old_connections()
        with origin.coming_from(_worker()), scope.enter_by_id(council_id):
            self.function(**arguments)

    def enqueue(self, *, lock: str | None = None, **arguments: Any) -> int:
        """Store the job for the council at hand; returns its id. Raises outside a council.

        `lock` lets one job with that name run at a time, in this council.
        """
        council_id = scope_id()
        if council_id == "public":
            raise RuntimeError(f"{self.name} must be enqueued inside a council.")
        deferrer = self.task.configure(lock=f"{council_id}:{lock}" if lock else None)
        # Always Django's own connection, also inside a worker, so that the job is stored in the
        # transaction of the change.
        deferrer.job_manager = JobManager(DjangoConnector())
        return deferrer.defer(council_id=council_id, **arguments)


def council_task(*, queue: str) -> Callable[[Callable[..., None]], CouncilTask]:
    """Make a function a council's background task."""

    def decorate(function: Callable[..., None]) -> CouncilTask:
        return CouncilTask(function, queue=queue)

    return decorate


def every_minute(function: Callable[[], None]) -> Callable[[], None]:
    """Run a function of the platform itself once a minute, on one worker, in no council."""

    def run(*, timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
        close_old_connections()
        with origin.coming_from(_worker()):
            function()

    name = f"{function.__module__}.{function.__qualname__}"
    task = app.task(name=name, queue="maintenance", pass_context=False)(run)
    app.periodic(cron="* * * * *")(task)  # type: ignore[arg-type]
    return function
