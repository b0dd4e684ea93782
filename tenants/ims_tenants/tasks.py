"""The one dispatcher of schedules: every minute, for every open council."""

from __future__ import annotations

import structlog

from ims_kernel.jobs import schedules
from ims_kernel.jobs.task import every_minute
from ims_tenants.current import enter
from ims_tenants.selectors import list_councils

log = structlog.get_logger(__name__)


@every_minute
def dispatch() -> None:
    """Ask each open council what is due. One council's trouble does not stop the others."""
    for council in list_councils():
        if not council.is_open:
            continue
        with enter(council):
            try:
                schedules.dispatch()
            except Exception:
                log.exception("dispatch_failed")
