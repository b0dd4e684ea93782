"""The background worker: runs jobs, and puts back those whose worker died."""

from __future__ import annotations

import asyncio

import structlog
from procrastinate import App
from procrastinate.contrib.django import app as django_app

from ims_kernel.jobs import stalled

log = structlog.get_logger(__name__)


def run(*, once: bool = False, concurrency: int = 2) -> None:
    """Run jobs until told to stop (SIGINT, SIGTERM), or until none is left with `once`."""
    app: App = django_app
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(_run(app, once=once, concurrency=concurrency))


async def _run(app: App, *, once: bool, concurrency: int) -> None:
    async with app.open_async():
        await stalled.put_back(app)
        keeper = asyncio.create_task(_keep_putting_back(app))
        try:
            await app.run_worker_async(
                wait=not once,
                concurrency=concurrency,
                update_heartbeat_interval=stalled.HEARTBEAT_SECONDS,
                stalled_worker_timeout=stalled.DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=20,
                delete_jobs="never",
            )
        finally:
            keeper.cancel()


async def _keep_putting_back(app: App) -> None:
    while True:
        await asyncio.sleep(stalled.DEAD_AFTER_SECONDS / 2)
        try:
            await stalled.put_back(app)
        except Exception:
            log.exception("put_back_failed")
