"""Jobs whose worker died: put back, so that another worker goes on with them."""

from __future__ import annotations

import structlog
from procrastinate import App

from ims_kernel import clock

log = structlog.get_logger(__name__)

# A worker says it is alive every two seconds; one silent for ten is dead.
HEARTBEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 10.0


async def put_back(app: App) -> int:
    """Make every job of a dead worker ready again; returns how many. Jobs are made to resume."""
    stalled = list(
        await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS)
    )
    for job in stalled:
        log.warning("job_put_back", job=job.id, task=job.task_name)
        await app.job_manager.retry_job(job, retry_at=clock.now())
    return len(stalled)
