"""The audit trail's background work."""

from __future__ import annotations

from ims_kernel import clock
from ims_kernel.audit.sealing import seal
from ims_kernel.jobs.task import council_task


@council_task(queue="ledger")
def seal_audit() -> None:
    """Seal what was recorded since the last time."""
    seal(at=clock.now())
