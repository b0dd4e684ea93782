"""The ledger's background work."""

from __future__ import annotations

from ims.ledger.sealing import seal
from ims_kernel import clock
from ims_kernel.jobs.task import council_task


@council_task(queue="ledger")
def seal_ledger() -> None:
    """Seal what was posted since the last time."""
    seal(at=clock.now())
