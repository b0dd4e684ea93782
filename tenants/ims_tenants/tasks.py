"""The one dispatcher of schedules: every minute, for every open council."""

from __future__ import annotations

import structlog

from ims_kernel import clock
from ims_kernel.audit import sealing
from ims_kernel.jobs import schedules
from ims_kernel.jobs.task import every_minute
from ims_tenants.current import enter, public
from ims_tenants.selectors import list_councils

log = structlog.get_logger(__name__)


def _seal_public() -> None:
    with public():
        try:
            if sealing.is_due(clock.now()):
                sealing.seal(at=clock.now())
        except Exception:
            log.exception("seal_public_failed")


@every_minute
def dispatch() -> None:
    """Ask each open council what is due. One council's trouble does not stop the others.

    The operators' own audit trail, in `public`, is sealed on the way: no job belongs to it.
    """
    _seal_public()
    for council in list_councils():
        if not council.is_open:
            continue
        with enter(council):
            try:
                schedules.dispatch()
            except Exception:
                log.exception("dispatch_failed")
